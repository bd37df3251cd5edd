/** How far a run has come, as it last said. */
import { Option, Schema } from "effect"
import { Progress } from "../../domain/Progress.ts"
import type { Run } from "../../domain/Run.ts"
import { number, type Owner } from "../frame/Owner.ts"
import { countsText, short } from "./RunWords.ts"

const decode = Schema.decodeUnknownOption(Progress)

/** `spotify_listening_history, page 3: 50 new`. */
export const progressText = (owner: Owner, { progress }: Run): Option.Option<string> => {
  if (progress === null) return Option.none()
  return Option.some(Option.match(decode(progress), {
    onNone: () => short(JSON.stringify(progress)),
    onSome: ({ counts, pages, stream }) => `${stream}, page ${number(owner, pages)}: ${countsText(owner, counts)}`
  }))
}

/** It, with a bar where its end is known. */
export const ProgressLine = ({ owner, run }: { readonly owner: Owner; readonly run: Run }) => {
  const text = progressText(owner, run)
  if (Option.isNone(text)) return null
  const fraction = Option.flatMap(decode(run.progress), (progress) => progress.fraction)
  return (
    <span class="progress">
      {Option.isSome(fraction) && (
        <progress
          value={fraction.value}
          max={1}
          aria-label={`Progress of ${run.workflow}`}
        />
      )}
      <span class="small soft">{text.value}</span>
    </span>
  )
}
