import type { Unrecorded } from "../../api/DataMessages.ts"
import { moment, type Owner } from "../frame/Owner.ts"

const kinds = {
  calendar: "Calendar",
  listening: "Listening",
  heart_rate: "Heart rate",
  body: "Sleep and body"
} as const

/** In words: where what is shown may be incomplete. */
export const Missed = ({ owner, parts }: { readonly owner: Owner; readonly parts: ReadonlyArray<Unrecorded> }) =>
  parts.length === 0 ? null : (
    <section class="missed" aria-label="Not recorded">
      <h2>
        <svg class="swatch" width="14" height="14" aria-hidden="true">
          <rect class="missing" width="14" height="14" />
        </svg>{" "}
        Not recorded
      </h2>
      <ul>
        {parts.map((part) => (
          <li key={`${part.kind}-${part.from.epochMilliseconds}-${part.why}`}>
            <strong>{kinds[part.kind]}</strong>, {moment(owner, part.from)} to {moment(owner, part.to)}: {part.detail}
          </li>
        ))}
      </ul>
    </section>
  )
