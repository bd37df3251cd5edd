import { DateTime, Option } from "effect"
import type { ListeningSession, PlayedTrack } from "../../api/DataMessages.ts"
import { clock, length, type Owner } from "../frame/Owner.ts"
import type { DayScale } from "./DayScale.ts"
import { sessionText } from "./Strips.tsx"

/** `Track – Artist, Artist`; what is played without a name is told by its address. */
export const trackText = ({ artists, name, uri }: PlayedTrack): string => {
  const title = Option.getOrElse(name, () => uri)
  return artists.length === 0 ? title : `${title} – ${artists.join(", ")}`
}

/** When the play ended, at the latest: the next one begins then. */
const endOf = (plays: ReadonlyArray<PlayedTrack>, index: number, last: DateTime.Utc): DateTime.Utc => {
  const play = plays[index]
  if (play === undefined) return last
  const full = DateTime.add(play.played_at, { milliseconds: Option.getOrElse(play.duration_ms, () => 0) })
  return DateTime.min(full, plays[index + 1]?.played_at ?? last)
}

/** The plays of a session, which its button opens. The script reads from `data-from` and `data-to`, in elapsed minutes, which one is pointed at. */
export const SessionDetails = ({ id, owner, scale, session }: {
  readonly id: string
  readonly owner: Owner
  readonly scale: DayScale
  readonly session: ListeningSession
}) => (
  <div popover="auto" id={id} class="pop tracks">
    <h2>Listening</h2>
    <p class="soft">{sessionText(owner, session)}</p>
    <ol>
      {session.plays.map((play, index) => (
        <li
          key={`${play.played_at.epochMilliseconds}-${play.uri}`}
          data-from={scale.elapsedOf(play.played_at).toFixed(1)}
          data-to={scale.elapsedOf(endOf(session.plays, index, session.end)).toFixed(1)}
        >
          <time dateTime={DateTime.formatIso(play.played_at)}>{clock(owner, play.played_at)}</time>
          <span>{trackText(play)}</span>
          {Option.isSome(play.duration_ms) && <span class="soft num">{length(play.duration_ms.value / 1000)}</span>}
        </li>
      ))}
    </ol>
  </div>
)
