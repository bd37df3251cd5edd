/** What many pages show alike. */
import { DateTime, Option } from "effect"
import type { ComponentChildren } from "preact"
import { ago, moment, type Owner } from "./Owner.ts"

/** An instant: read by people as said, by programs exactly, and in full when pointed at. */
export const When = ({ at, children, owner }: {
  readonly owner: Owner
  readonly at: DateTime.Utc
  /** In place of the day and the time. */
  readonly children?: ComponentChildren
}) => (
  <time dateTime={DateTime.formatIso(at)} title={moment(owner, at)}>{children ?? moment(owner, at)}</time>
)

/** How long ago, or in how long. */
export const Ago = ({ at, owner }: { readonly owner: Owner; readonly at: DateTime.Utc }) => (
  <When owner={owner} at={at}>{ago(owner, at)}</When>
)

const kinds = {
  completed: { sign: "✓", tone: "good", text: "completed" },
  partial: { sign: "◐", tone: "warn", text: "partial" },
  failed: { sign: "✕", tone: "bad", text: "failed" },
  cancelled: { sign: "⊘", tone: "calm", text: "cancelled" },
  interrupted: { sign: "‖", tone: "warn", text: "interrupted" },
  needs_auth: { sign: "!", tone: "bad", text: "needs sign-in" },
  running: { sign: "▶", tone: "busy", text: "running" },
  waiting: { sign: "◷", tone: "busy", text: "waiting" },
  parked: { sign: "P", tone: "warn", text: "parked" },
  stopped: { sign: "‖", tone: "calm", text: "stopped" },
  connected: { sign: "✓", tone: "good", text: "connected" },
  revoked: { sign: "⊘", tone: "calm", text: "disconnected" },
  paused: { sign: "‖", tone: "warn", text: "paused" },
  disabled: { sign: "⊘", tone: "calm", text: "disabled" },
  active: { sign: "✓", tone: "good", text: "active" },
  overridden: { sign: "✎", tone: "warn", text: "overridden" }
} as const

export type BadgeKind = keyof typeof kinds

/** A state: by sign and word, never by colour alone. */
export const Badge = ({ kind, text }: { readonly kind: BadgeKind; readonly text?: string }) => (
  <span class={`badge ${kinds[kind].tone}`}>
    <span aria-hidden="true">{kinds[kind].sign}</span> {text ?? kinds[kind].text}
  </span>
)

/** The tone of a state, for what has no room for its word. */
export const toneOf = (kind: BadgeKind): string => kinds[kind].tone

/** A form with one button; `fields` go along unseen. */
export const Act = ({ action, children, csrf, fields = {}, label, quiet = false }: {
  readonly action: string
  readonly csrf: string
  readonly children: ComponentChildren
  readonly fields?: { readonly [name: string]: string }
  /** What the button does, where its text alone does not say of what. */
  readonly label?: string
  readonly quiet?: boolean
}) => (
  <form method="post" action={action} class="act">
    <input type="hidden" name="csrf" value={csrf} />
    {Object.entries(fields).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
    <button type="submit" class={quiet ? "quiet" : undefined} aria-label={label}>{children}</button>
  </form>
)

/** What was done, told once: the address says so after a form was sent. */
export const Notice = ({ query, texts }: {
  readonly query: URLSearchParams
  readonly texts: { readonly [code: string]: string }
}) => {
  const code = query.get("done") ?? ""
  return Object.hasOwn(texts, code) ? <p class="notice" role="status">{texts[code]}</p> : null
}

/** Nothing to show, and why that is well or what to do. */
export const Empty = ({ children }: { readonly children: ComponentChildren }) => <p class="empty">{children}</p>

/** The table behind a chart. */
export const DataTable = ({ columns, rows, title }: {
  readonly title: string
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<ComponentChildren>>
}) => (
  <details class="data">
    <summary>{title} as a table</summary>
    <div class="scroll" tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table>
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => at === 0 ? <th key={at} scope="row">{cell}</th> : <td key={at}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
)

/** The value of an option, for what is left out without one. */
export function shown<A>(option: Option.Option<A>, show: (value: A) => ComponentChildren): ComponentChildren {
  return Option.isSome(option) ? show(option.value) : null
}
