import { Option } from "effect"
import type { BodyDay } from "../../api/DataMessages.ts"
import { length } from "../frame/Owner.ts"

/** A day's stress as a bar, from recovery on the left to stress on the right, with its figures in words. */
export const Stress = ({ body }: { readonly body: BodyDay | undefined }) => {
  if (body === undefined) return null
  const stressed = Option.getOrElse(body.stress_high_seconds, () => 0)
  const recovered = Option.getOrElse(body.recovery_high_seconds, () => 0)
  if (Option.isNone(body.stress_high_seconds) && Option.isNone(body.recovery_high_seconds)) return null
  const sum = Math.max(stressed + recovered, 1)
  const share = Math.round(recovered / sum * 100)
  const text = `Stress ${length(stressed)}, recovery ${length(recovered)}${
    Option.match(body.stress_summary, { onNone: () => "", onSome: (summary) => `: ${summary}` })
  }`
  return (
    <svg class="stress" width="100%" height="6" role="img" aria-label={text}>
      <title>{text}</title>
      <rect class="recovery" x="0" y="0" width={`${share}%`} height="6" />
      <rect class="high" x={`${share}%`} y="0" width={`${100 - share}%`} height="6" />
    </svg>
  )
}
