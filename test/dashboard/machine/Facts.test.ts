/** What the pages of the machine tell of an account and of a sync. */
import { assert, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import { Connector } from "../../../src/api/ConnectorMessages.ts"
import { Account } from "../../../src/api/Messages.ts"
import { accountsView } from "../../../src/dashboard/machine/AccountsView.tsx"
import { SyncReportTable } from "../../../src/dashboard/machine/RunParts.tsx"
import { Connection, connectionId, ConnectionName } from "../../../src/domain/Connection.ts"
import { ConnectionHealth } from "../../../src/domain/ConnectionHealth.ts"
import { RunError, SyncReport } from "../../../src/domain/Run.ts"
import { at, pageOf } from "../days/DayFixtures.ts"
import { accountOf, owner, runOf } from "./MachineFixtures.ts"

const page = (accounts: ReadonlyArray<Account>, connectors: ReadonlyArray<Connector>) =>
  pageOf(accountsView({ connectors, owner, csrf: "token", query: new URLSearchParams(), accounts, sessions: [] }))

const accounts = (...accounts: ReadonlyArray<Account>) => page(accounts, [])

it("a further account stands by its name, with how it is, and its forms are about it alone", () => {
  const name = Option.some(ConnectionName.make("work"))
  const account = new Account({ ...accountOf("google", "connected"), name })
  const shown = page([accountOf("google", "connected"), account], [
    new Connector({
      id: connectionId("google", "me"),
      name,
      provider: "google",
      state: "connected",
      enabled: true,
      interval_seconds: 900,
      health: new ConnectionHealth({
        status: "quarantined",
        isLate: true,
        lastSuccessAt: Option.some(at("2026-11-24T04:05:00Z")),
        failures: 5,
        quarantinedUntil: Option.some(at("2026-11-24T15:05:00Z"))
      })
    })
  ])
  assert.include(shown, "Google (work)")
  assert.match(shown, /quarantined<\/span> synced every 15m/)
  assert.include(shown, "failed 5 times since")
  assert.match(shown, /left alone until <time[^>]*2026-11-24T15:05/)
  assert.match(shown, /action="\/accounts\/google\/release"/)
  assert.match(
    shown,
    /action="\/accounts\/google\/connect"[^>]*>(<input[^>]*>)*<input type="hidden" name="connection" value="work"/
  )
  assert.match(shown, /action="\/accounts\/any\/connect"/)
})

it("the page of an account says when its token ends, where that is known", () => {
  const account = accountOf("google", "connected")
  assert.notInclude(accounts(account), "Token ends")
  const told = accounts(
    new Account({
      ...account,
      connection: Option.map(
        account.connection,
        (connection) => new Connection({ ...connection, expiresAt: Option.some(at("2026-11-24T10:05:00Z")) })
      )
    })
  )
  assert.match(told, /Token ends<\/dt><dd><time[^>]*2026-11-24T10:05/)
  assert.include(told, "it is renewed by itself")
})

it("the failure of a stream comes with what there is to do", () => {
  const run = runOf("spotify@1", {
    report: Schema.encodeSync(SyncReport)(
      new SyncReport({
        pages: 1,
        streams: {},
        errors: {
          "events of work": new RunError({
            tag: "Refused",
            message: "no access",
            fix: Option.some("glider auth google")
          })
        }
      })
    )
  })
  const page = pageOf({ title: "", place: "runs", body: SyncReportTable({ owner, run }) ?? "" })
  assert.include(page, "Refused: no access")
  assert.include(page, "To mend it: <code>glider auth google</code>")
})
