import type { ListeningSession } from "../../api/DataMessages.ts"
import { dayOf } from "../../domain/LocalDay.ts"
import { Empty } from "../frame/Bits.tsx"
import { length, moments, number, type Owner } from "../frame/Owner.ts"
import { nothingText, type Recording } from "./Recording.ts"

/** More would be a page of its own; the days have them all. */
const most = 30

/** The sessions of a range, the newest first; each leads to its day. */
export const SessionList = ({ owner, recording, sessions }: {
  readonly owner: Owner
  readonly sessions: ReadonlyArray<ListeningSession>
  readonly recording: Recording
}) => {
  const newest = sessions.toSorted((one, other) => other.start.epochMilliseconds - one.start.epochMilliseconds)
  return (
    <section class="card stack">
      <h2>Sessions</h2>
      {newest.length === 0 ? <Empty>{nothingText(recording, "Nothing was played.")}</Empty> : (
        <ul class="small plain">
          {newest.slice(0, most).map(({ end, listened_ms, plays, start }) => (
            <li key={start.epochMilliseconds}>
              <a href={`/daily?day=${dayOf(start, owner.zone)}`}>{moments(owner, start, end)}</a>:{" "}
              {number(owner, plays.length)} {plays.length === 1 ? "play" : "plays"}, {length(listened_ms / 1000)}
            </li>
          ))}
        </ul>
      )}
      {newest.length > most && (
        <p class="small soft">and {number(owner, newest.length - most)} earlier ones, on the pages of their days</p>
      )}
    </section>
  )
}
