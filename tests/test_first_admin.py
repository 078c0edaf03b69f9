"""A new installation gets one account, whose password is shown once."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_the_printed_password_opens_the_account(capsys):
    call_command("first_admin")
    password = re.search(r"as admin with the password (\S+) ", capsys.readouterr().out)[1]
    user = get_user_model().objects.get(username="admin")
    assert user.check_password(password)
    assert user.is_superuser and user.is_staff


def test_a_second_call_changes_and_prints_nothing(capsys):
    call_command("first_admin")
    before = get_user_model().objects.values_list("username", "password").get()
    capsys.readouterr()
    call_command("first_admin")
    assert capsys.readouterr().out == ""
    assert get_user_model().objects.values_list("username", "password").get() == before


def test_no_account_is_made_beside_another(capsys, vera):
    call_command("first_admin")
    assert capsys.readouterr().out == ""
    assert list(get_user_model().objects.values_list("username", flat=True)) == ["vera"]
