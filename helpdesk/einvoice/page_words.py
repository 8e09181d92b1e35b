"""The words of the page of a document, in French and in English."""

from collections.abc import Mapping

from helpdesk.domain.credit_note import CreditNoteKind
from helpdesk.domain.errors import Locale

KINDS: Mapping[Locale, Mapping[CreditNoteKind, str]] = {
    Locale.FR: {
        CreditNoteKind.CREDIT_NOTE: "Avoir",
        CreditNoteKind.YEARLY_CREDIT_NOTE: "Avoir global",
        CreditNoteKind.PENALTY_STATEMENT: "Relevé de pénalités",
    },
    Locale.EN: {
        CreditNoteKind.CREDIT_NOTE: "Credit note",
        CreditNoteKind.YEARLY_CREDIT_NOTE: "Global credit note",
        CreditNoteKind.PENALTY_STATEMENT: "Penalty statement",
    },
}

WORDS: Mapping[Locale, Mapping[str, str]] = {
    Locale.FR: {
        "seller": "Émetteur",
        "buyer": "Client",
        "siren": "SIREN {number}",
        "vat_number": "N° TVA {number}",
        "issued_on": "Date d'émission",
        "invoice": "Sur facture",
        "dated": "n° {number} du {day}",
        "contract": "Contrat",
        "period": "Période",
        "span": "du {first} au {last}",
        "operation": "Opération",
        "services": "Prestation de services",
        "designation": "Désignation",
        "quantity": "Qté",
        "unit": "Prix unitaire HT",
        "rate": "TVA",
        "amount": "Montant HT",
        "net": "Total HT",
        "vat_on": "TVA {rate} sur {net}",
        "gross": "À votre crédit",
        "debits": "Option pour le paiement de la taxe d'après les débits.",
        "seal": "Empreinte du document (SHA-256) :",
    },
    Locale.EN: {
        "seller": "Issued by",
        "buyer": "Client",
        "siren": "SIREN {number}",
        "vat_number": "VAT no. {number}",
        "issued_on": "Issued on",
        "invoice": "On invoice",
        "dated": "no. {number} of {day}",
        "contract": "Contract",
        "period": "Period",
        "span": "{first} to {last}",
        "operation": "Operation",
        "services": "Supply of services",
        "designation": "Description",
        "quantity": "Qty",
        "unit": "Unit price excl. VAT",
        "rate": "VAT",
        "amount": "Amount excl. VAT",
        "net": "Total excl. VAT",
        "vat_on": "VAT {rate} on {net}",
        "gross": "To your credit",
        "debits": "VAT due on debits, by option.",
        "seal": "Seal of the document (SHA-256):",
    },
}

OF_A_STATEMENT: Mapping[Locale, Mapping[str, str]] = {
    Locale.FR: {
        "services": "Indemnité contractuelle",
        "unit": "Prix unitaire",
        "amount": "Montant",
        "net": "Total",
    },
    Locale.EN: {
        "services": "Contractual damages",
        "unit": "Unit price",
        "amount": "Amount",
        "net": "Total",
    },
}
"""What a penalty statement says instead: it is outside VAT."""

PROMISES: Mapping[Locale, Mapping[bool, str]] = {
    Locale.FR: {
        True: "Ce montant, TVA comprise, est déduit de vos prochaines factures, ou vous est"
        " remboursé à la fin du contrat.",
        False: "Ce montant est déduit de vos prochaines factures, ou vous est remboursé à la fin"
        " du contrat.",
    },
    Locale.EN: {
        True: "This amount, VAT included, is taken off your next invoices, or paid back to you at"
        " the end of the contract.",
        False: "This amount is taken off your next invoices, or paid back to you at the end of the"
        " contract.",
    },
}
"""What becomes of the amount, with VAT or without (R-CN 3)."""

OUTSIDE_VAT: Mapping[Locale, str] = {
    Locale.FR: "Pénalités contractuelles : indemnité hors du champ de la TVA, sans incidence sur la"
    " base d'imposition de vos factures (BOI 3 B-1-06).",
    Locale.EN: "Contractual penalties: damages outside VAT, which leave the taxable base of your"
    " invoices as it is (BOI 3 B-1-06).",
}
