async def test_lists(alice):
    d = await alice.data("""{ viewer { kind name scopes locale agency { id name teams { nodes { name } } agents { nodes { name email } totalCount } } agent { name } client { name } }
     tickets { totalCount pageInfo { hasNextPage endCursor } nodes { id number subject status priority client { name domains } requester { name email } assignee { name } team { name }
      contract { reference terms { version matrix { code acceptance { acceptedBy } cells { impact } } slaTargets { metric priority calendar { code openingHours { weekday opensAt closesAt } holidays exceptions { date hours { opensAt } } } } } slaTargets { amount } sites { name } }
      clocks { metric state deadlineAt elapsedSeconds remainingSeconds target { amount calendar { name } } explanation { kind seconds runningTotal } }
      links { kind isOutgoing ticket { number } } isBreached
      a: messages(first: 1) { totalCount nodes { body author { kind name agent { name } contact { name } } attachments { filename downloadUrl } } }
      b: messages(last: 2) { edges { cursor node { body isInternal } } }
      timeline { nodes { sequence kind changes { field before after } message { body } relatedTicket { number } actor { name } } } } }
     rateLimit { cost limit } }""")
    import json

    print(json.dumps(d, indent=1)[:9000])
    print(alice.endpoint.operations.handed_over)
