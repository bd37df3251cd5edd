/** What the pages of the machine tell of an account and of a sync. */
import { assert, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import { Account } from "../../../src/api/Messages.ts"
import { accountsView } from "../../../src/dashboard/machine/AccountsView.tsx"
import { SyncReportTable } from "../../../src/dashboard/machine/RunParts.tsx"
import { Connection } from "../../../src/domain/Connection.ts"
import { RunError, SyncReport } from "../../../src/domain/Run.ts"
import { at, pageOf } from "../days/DayFixtures.ts"
import { accountOf, owner, runOf } from "./MachineFixtures.ts"

const accounts = (...accounts: ReadonlyArray<Account>) =>
  pageOf(accountsView({ connectors: [], owner, csrf: "token", query: new URLSearchParams(), accounts, sessions: [] }))

it("the page of an account says when its token ends, where that is known", () => {
  const account = accountOf("google", "connected")
  assert.notInclude(accounts(account), "Token ends")
  const page = accounts(
    new Account({
      ...account,
      connection: Option.map(
        account.connection,
        (connection) => new Connection({ ...connection, expiresAt: Option.some(at("2026-11-24T10:05:00Z")) })
      )
    })
  )
  assert.match(page, /Token ends<\/dt><dd><time[^>]*2026-11-24T10:05/)
  assert.include(page, "it is renewed by itself")
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
