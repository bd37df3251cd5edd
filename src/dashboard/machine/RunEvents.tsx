/** The history of a run, event by event. */
import { Option } from "effect"
import type { Run } from "../../domain/Run.ts"
import type { HistoryEvent } from "../../domain/RunHistory.ts"
import { When } from "../frame/Bits.tsx"
import { moment, type Owner } from "../frame/Owner.ts"
import { lengthText, runHref, short } from "./RunWords.ts"

const kinds: { readonly [K in HistoryEvent["kind"]]: string } = {
  started: "started",
  activity: "activity",
  timer: "timer set",
  fired: "timer fired",
  child: "child started",
  signal: "signal",
  cancel: "cancel asked",
  ended: "ended"
}

/** Events that are listed: a run of months may have many thousands. */
const mostEvents = 500

const Result = ({ event: { due, error, run, value }, owner }: {
  readonly owner: Owner
  readonly event: HistoryEvent
}) => {
  if (Option.isSome(error)) return <span class="wrong">failed: {short(error.value)}</span>
  if (Option.isSome(due)) return <span>due {moment(owner, due.value)}</span>
  if (Option.isSome(run)) return <a href={runHref(run.value)}>{run.value}</a>
  return Option.isSome(value) ? <code>{short(JSON.stringify(value.value), 120)}</code> : null
}

export const RunEvents = ({ events, owner, run }: {
  readonly owner: Owner
  readonly run: Run
  readonly events: ReadonlyArray<HistoryEvent>
}) => {
  const shown = events.slice(0, mostEvents)
  return (
    <details class="data">
      <summary>{events.length} events</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Events">
        <table>
          <caption class="hidden">Events</caption>
          <thead>
            <tr>
              {["After", "Event", "Name", "Try", "Took", "Result"].map((column) => (
                <th key={column} scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((event, index) => (
              <tr key={index}>
                <td>
                  <When owner={owner} at={event.at}>
                    {lengthText(
                      owner,
                      Math.max(0, event.at.epochMilliseconds - run.startedAt.epochMilliseconds) / 1000
                    )}
                  </When>
                </td>
                <td>{kinds[event.kind]}</td>
                <th scope="row">{event.name}</th>
                <td>{Option.getOrElse(event.attempt, () => "")}</td>
                <td>
                  {Option.match(event.tookMillis, {
                    onNone: () => "",
                    onSome: (millis) => lengthText(owner, millis / 1000)
                  })}
                </td>
                <td>
                  <Result owner={owner} event={event} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {events.length > shown.length && (
        <p class="small soft">
          The first {mostEvents} of them; all: <code>glider runs show {run.id}</code>
        </p>
      )}
    </details>
  )
}
