import { assert, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import { AccountStatus } from "../../src/accounts/AccountStatus.ts"
import { accountChecks } from "../../src/api/AccountChecks.ts"
import { Connection, connectionId, ConnectionName, type ConnectionState } from "../../src/domain/Connection.ts"
import { furtherAccount } from "../support/World.ts"

const work = ConnectionName.make("work")

const account = (state: ConnectionState) =>
  new AccountStatus({
    provider: "google",
    name: Option.some(work),
    connection: Option.some(
      new Connection({
        id: connectionId("google", "me"),
        provider: "google",
        userId: "me",
        name: Option.some(work),
        state,
        scopes: [],
        connectedAt: DateTime.makeUnsafe("2026-01-01T00:00:00Z"),
        expiresAt: Option.none(),
        refreshedAt: Option.none(),
        problem: Option.none()
      })
    ),
    signInEndsAt: Option.none(),
    missingScopes: [],
    fix: state === "connected" ? Option.none() : Option.some("glider auth google --connection work")
  })

it("an account whose table names another provider is told of, with what to write", () => {
  const told = accountChecks([account("connected")], [furtherAccount("work", "oura")])
  assert.deepStrictEqual(told.map(({ name, state }) => [name, state]), [
    ["work account", "ok"],
    ["connection.work", "warning"]
  ])
  assert.match(told[1]?.message ?? "", /^\[connection.work\] is of Oura, and the account of that name is one at Google/)
  assert.deepStrictEqual(told[1]?.fix, Option.some("set provider = \"google\" there, or call the table otherwise"))
})

it("a table of its own provider, of another name, or of an account that is signed out contradicts nothing", () => {
  const names = (state: ConnectionState, name: string, provider: "google" | "oura") =>
    accountChecks([account(state)], [furtherAccount(name, provider)]).map((check) => check.name)
  assert.deepStrictEqual(names("connected", "work", "google"), ["work account"])
  assert.deepStrictEqual(names("connected", "home", "oura"), ["work account"])
  assert.deepStrictEqual(names("revoked", "work", "oura"), ["work account"])
})
