"""`yishu verify ...`: the questions that approval systems ask, put to a verifier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

import typer

from service.cli.context import CliContext, Verifier, console, failures_shown
from service.cli.printing import as_json, verification_view
from service.cli.reading import Json
from service.client import YishuClient
from yishu.v1.verification_pb2 import Verification, VerificationContext
from yishu.v1.verification_service_pb2 import LicenceClaim, OrganisationClaim, PersonClaim

__all__ = ["app"]

app = typer.Typer(help="Ask a verifier whether a claim is true.", no_args_is_help=True)

Purpose = Annotated[str, typer.Option(help="Why it is asked: an approval item's name or code.")]
Case = Annotated[str, typer.Option("--case", help="The case that the question belongs to.")]
RequestId = Annotated[str, typer.Option(help="A name of your own for the request; a new one unless given.")]
MaxStaleness = Annotated[
    float | None, typer.Option(help="Seconds: an older answer is a failure that tells its age.", min=0)
]


@app.command("person")
def person(
    context: typer.Context,
    purpose: Purpose,
    resident_id: Annotated[str, typer.Option("--id", help="Resident identity number: the key.")] = "",
    document_number: Annotated[str, typer.Option("--document", help="Another document's number: the key.")] = "",
    name: Annotated[str, typer.Option(help="Name.")] = "",
    birth_date: Annotated[str, typer.Option(help="Date of birth, in any usual form.")] = "",
    sex: Annotated[str, typer.Option(help="1 or 男, 2 or 女.")] = "",
    phone: Annotated[str, typer.Option(help="Telephone number.")] = "",
    household_address: Annotated[str, typer.Option(help="Household address.")] = "",
    case_number: Case = "",
    request_id: RequestId = "",
    max_staleness: MaxStaleness = None,
    json: Json = False,
    server: Verifier = "",
) -> None:
    """Is this ID number this person's? Fields that are given are compared; none is told."""
    claim = PersonClaim(
        resident_id=resident_id,
        document_number=document_number,
        name=name,
        birth_date=birth_date,
        sex=sex,
        phone=phone,
        household_address=household_address,
    )
    asked = _context(purpose, case_number, request_id, max_staleness)
    _answer(context, server, json, lambda client: client.verify_person(claim, asked))


@app.command("organisation")
def organisation(
    context: typer.Context,
    purpose: Purpose,
    uscc: Annotated[str, typer.Option(help="Unified social credit code: the key.")] = "",
    name: Annotated[str, typer.Option(help="Name.")] = "",
    legal_representative: Annotated[str, typer.Option(help="The legal representative's name.")] = "",
    legal_representative_id: Annotated[str, typer.Option(help="The legal representative's ID number.")] = "",
    address: Annotated[str, typer.Option(help="Registered address.")] = "",
    case_number: Case = "",
    request_id: RequestId = "",
    max_staleness: MaxStaleness = None,
    json: Json = False,
    server: Verifier = "",
) -> None:
    """Is this credit code this organisation's? Fields that are given are compared; none is told."""
    claim = OrganisationClaim(
        uscc=uscc,
        name=name,
        legal_representative=legal_representative,
        legal_representative_id=legal_representative_id,
        address=address,
    )
    asked = _context(purpose, case_number, request_id, max_staleness)
    _answer(context, server, json, lambda client: client.verify_organisation(claim, asked))


@app.command("licence")
def licence(
    context: typer.Context,
    purpose: Purpose,
    type_code: Annotated[str, typer.Option(help="Licence type code, ZZLXDM: with the number, the key.")] = "",
    number: Annotated[str, typer.Option(help="Licence number, ZZBH.")] = "",
    holder_name: Annotated[str, typer.Option(help="The holder's name, CZZT.")] = "",
    holder_code: Annotated[str, typer.Option(help="The holder's credit code or ID number, CZZTDM.")] = "",
    issuer: Annotated[str, typer.Option(help="The issuer's name, ZZBFJG.")] = "",
    valid_to: Annotated[str, typer.Option(help="The last day of validity, ZZYXQJZRQ.")] = "",
    case_number: Case = "",
    request_id: RequestId = "",
    max_staleness: MaxStaleness = None,
    json: Json = False,
    server: Verifier = "",
) -> None:
    """Is this licence valid, and whose? Fields that are given are compared; none is told."""
    claim = LicenceClaim(
        type_code=type_code,
        number=number,
        holder_name=holder_name,
        holder_code=holder_code,
        issuer=issuer,
        valid_to=valid_to,
    )
    asked = _context(purpose, case_number, request_id, max_staleness)
    _answer(context, server, json, lambda client: client.verify_licence(claim, asked))


def _context(purpose: str, case: str, request_id: str, max_staleness: float | None) -> VerificationContext:
    oldest = None if max_staleness is None else timedelta(seconds=max_staleness)
    return YishuClient.context(purpose, request_id, case, oldest)


def _answer(context: typer.Context, server: str, json: bool, ask: Callable[[YishuClient], Verification]) -> None:
    cli: CliContext = context.obj
    with failures_shown(), cli.verifier(server) as client:
        answer = ask(client)
    if json:
        console.print(as_json(answer), soft_wrap=True, markup=False)
    else:
        console.print(verification_view(answer))
