/** Streams of imports that may be plays which are there already: both side by side, and the two buttons that say which. */
import { type DateTime, Option } from "effect"
import type { ComponentChildren } from "preact"
import type { CandidateInfo } from "../../api/ImportMessages.ts"
import { Act, When } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import { Table } from "../frame/Table.tsx"
import { whyText } from "./ImportWords.ts"
import { lengthText } from "./RunWords.ts"

/** From here on nobody is asked. */
const sure = 0.9

const orDash = (text: Option.Option<string>): string => Option.getOrElse(text, () => "–")

const Span = ({ from, owner, to }: {
  readonly owner: Owner
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
}) => (
  <>
    <When owner={owner} at={from} /> to <When owner={owner} at={to} />
  </>
)

const Pair = ({ candidate: { play, stream }, owner, title }: {
  readonly owner: Owner
  readonly candidate: CandidateInfo
  readonly title: string
}) => {
  const rows: ReadonlyArray<readonly [string, ComponentChildren, ComponentChildren]> = [
    ["Track", orDash(stream.name), orDash(play.name)],
    ["Artist", orDash(stream.artist), orDash(play.artist)],
    ["Album", orDash(stream.album), orDash(play.album)],
    [
      "When",
      <Span owner={owner} from={stream.started_at} to={stream.ended_at} />,
      <When owner={owner} at={play.played_at} />
    ],
    [
      "Length",
      `${lengthText(owner, stream.ms_played / 1000)} were heard`,
      Option.match(play.duration_ms, {
        onNone: () => "–",
        onSome: (millis) => `the track has ${lengthText(owner, millis / 1000)}`
      })
    ],
    ["Address", <span class="mono">{stream.uri}</span>, <span class="mono">{play.uri}</span>]
  ]
  return (
    <Table title={`Both records: ${title}`} columns={["Part", "Imported", "There already"]}>
      {rows.map(([part, imported, there]) => (
        <tr key={part}>
          <th scope="row">{part}</th>
          <td>{imported}</td>
          <td>{there}</td>
        </tr>
      ))}
    </Table>
  )
}

const Sent = ({ label, raw }: { readonly label: string; readonly raw: unknown }) => (
  <>
    <h4>{label}</h4>
    <pre class="code">{JSON.stringify(raw, null, 2) ?? "–"}</pre>
  </>
)

/** One of them; the number tells it from the others of the page. */
export const CandidateCard = ({ candidate, csrf, number: place, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly candidate: CandidateInfo
  readonly number: number
}) => {
  const { confidence, connection, id, play, stream } = candidate
  const name = Option.getOrElse(stream.name, () => stream.uri)
  const title = `candidate-${place}`
  const action = `/imports/candidates/${encodeURIComponent(id)}`
  return (
    <article class="card stack tight" aria-labelledby={title}>
      <h3 id={title}>{name}</h3>
      <Pair owner={owner} candidate={candidate} title={`${place}, ${name}`} />
      <p class="small">
        Confidence {number(owner, confidence * 100)} %; from {number(owner, sure * 100)} % on nobody is asked.{" "}
        {whyText(owner, candidate)} <span class="soft">{connection}</span>
      </p>
      <div class="row">
        <Act action={`${action}/approve`} csrf={csrf} label={`The same: ${name}`}>The same</Act>
        <Act action={`${action}/reject`} csrf={csrf} label={`Two of them: ${name}`}>Two of them</Act>
      </div>
      <details class="data">
        <summary>Both as they were sent</summary>
        <Sent label="Imported" raw={stream.raw} />
        <Sent label="There already" raw={play.raw} />
      </details>
    </article>
  )
}
