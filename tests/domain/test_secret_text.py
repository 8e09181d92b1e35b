"""Passwords, tokens and keys are refused wherever a text is kept about a site."""

import pytest

from helpdesk.domain.secret_text import SecretRefused, is_secret_like, require_no_secret


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk",
        "-----BEGIN PRIVATE KEY-----",
        "PuTTY-User-Key-File-3: ssh-ed25519",
        "password: Soleil42",
        "SSH root / mdp = Soleil!42",
        "Mot de passe : soleil",
        "mots de passe: soleil42",
        'api_key => "sk-9f3c1d2e"',
        "Token: 8f14e45fceea167a",
        "clé API : 8f14e45fceea",
        "ftp://bruno:soleil@ftp.bruno.example/www",
        "mysql://root:soleil@localhost",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "glpat-abcdefghij0123456789",
        "xoxb-1234567890-abcdef",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "hd_" + "a" * 43,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "Authorization: Bearer 8f14e45fceea167a",
    ],
)
def test_what_looks_like_a_secret_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(SecretRefused) as refused:
        require_no_secret(text, field="rollback")

    assert refused.value.path == ("rollback",)
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WordPress 6.8",
        "The password is in Bitwarden, under Bruno",
        "Mot de passe : voir Bitwarden",
        "password: see 1Password",
        "Les accès sont dans le gestionnaire de mots de passe partagé",
        "token: <to be asked from Alice>",
        "https://status.host.example/bruno",
        "mailto:alice@alice.example",
        "ssh deploy@bruno.example, then make rollback",
        "The secret of a good restore is practice",
        "Rotate the API key every year",
    ],
)
def test_speaking_of_a_secret_is_no_secret(text: str) -> None:
    assert not is_secret_like(text)
    assert require_no_secret(text, field="rollback") == text
