"""Everything that can be done to forfaits and about worked time."""

import strawberry

from helpdesk.graphql import retainer_mutations as retainer
from helpdesk.graphql import work_log_mutations as work_log
from helpdesk.graphql.mutating import mutation


@strawberry.type
class ForfaitMutation:
    """Everything that can be done to forfaits and about worked time."""

    log_work = mutation(
        "Log the time that was worked on a ticket; what it adds to the billed minutes is taken "
        "from the forfait.",
        work_log.work_logged,
        given=work_log.LogWorkInput,
        gives=work_log.LogWorkPayload,
    )
    correct_work_log = mutation(
        "Put worked time right: the first entry stays, and the forfait gets the difference.",
        work_log.work_corrected,
        given=work_log.CorrectWorkLogInput,
        gives=work_log.CorrectWorkLogPayload,
    )
    start_timer = mutation(
        "Have the viewer's time on a ticket measured from now on; he has one timer.",
        work_log.timer_started,
        given=work_log.StartTimerInput,
        gives=work_log.StartTimerPayload,
    )
    stop_timer = mutation(
        "Stop the viewer's timer and log what it measured, to the minute.",
        work_log.timer_stopped,
        given=work_log.StopTimerInput,
        gives=work_log.StopTimerPayload,
    )
    open_retainer = mutation(
        "Have a contract count a unit of a forfait, empty, from the period of today on. Managers "
        "alone may.",
        retainer.retainer_opened,
        given=retainer.OpenRetainerInput,
        gives=retainer.OpenRetainerPayload,
    )
    grant_allowance = mutation(
        "Grant the allowance of a period; granted again, nothing changes. Managers alone may.",
        retainer.allowance_granted,
        given=retainer.GrantAllowanceInput,
        gives=retainer.GrantAllowancePayload,
    )
    purchase_time_pack = mutation(
        "Sell minutes in advance under a contract.",
        retainer.pack_purchased,
        given=retainer.PurchaseTimePackInput,
        gives=retainer.PurchaseTimePackPayload,
    )
    give_gesture = mutation(
        "Offer something beside the forfait; it is used before everything else.",
        retainer.gesture_given,
        given=retainer.GiveGestureInput,
        gives=retainer.GiveGesturePayload,
    )
    adjust_allowance = mutation(
        "Put a lot of a forfait right by hand, with a reason. Managers alone may.",
        retainer.allowance_adjusted,
        given=retainer.AdjustAllowanceInput,
        gives=retainer.AdjustAllowancePayload,
    )
    close_period = mutation(
        "Close a period of a forfait: what is left is carried over or expires, and nothing moves "
        "in it any more. Closing it again changes nothing. Managers alone may.",
        retainer.period_closed,
        given=retainer.ClosePeriodInput,
        gives=retainer.ClosePeriodPayload,
    )
