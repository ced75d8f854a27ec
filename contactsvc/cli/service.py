"""Commands about the service itself, none of which needs a database."""

from dataclasses import fields

import click
import orjson

from contactsvc.cli.base import read_settings
from contactsvc.openapi import build_document
from contactsvc.settings import SECRETS


@click.command()
def check_config() -> None:
    """Print every setting, or what is wrong with them."""
    settings = read_settings()
    for field in fields(settings):
        name, value = field.name.upper(), getattr(settings, field.name)
        click.echo(f"{name}={'***' if value and name in SECRETS else _written(value)}")


@click.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    click.echo(orjson.dumps(orjson.loads(build_document()), option=orjson.OPT_INDENT_2))


def _written(value: object) -> str:
    """Return a value as it would be written into the environment; empty is unset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
