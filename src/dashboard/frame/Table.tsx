import type { ComponentChildren } from "preact"

/** Rows under headings, which scroll by themselves where they are wider than the page, or longer than a ledger may be. */
export const Table = ({ children, columns, isLedger = false, title }: {
  /** What it is called for those who do not see it. */
  readonly title: string
  readonly columns: ReadonlyArray<string>
  readonly isLedger?: boolean
  readonly children: ComponentChildren
}) => (
  <div class={isLedger ? "scroll ledger" : "scroll"} tabIndex={0} role="region" aria-label={title}>
    <table>
      <caption class="hidden">{title}</caption>
      <thead>
        <tr>
          {columns.map((column) => <th key={column} scope="col">{column}</th>)}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)
