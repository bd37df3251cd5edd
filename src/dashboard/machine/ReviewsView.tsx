/** Songs that wait for a person, from what the API has said. */
import { Option } from "effect"
import type { ReviewInfo } from "../../api/ReviewMessages.ts"
import { Act, Ago, DataTable, Empty, Notice } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { runHref, some } from "./RunWords.ts"

/** All that it shows. */
export interface ReviewsData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly reviews: ReadonlyArray<ReviewInfo>
}

const done = {
  approved: "It is added to the playlist.",
  rejected: "It is not added."
}

const Song = ({ album, artists, label, name }: {
  readonly label: string
  readonly name: string
  readonly artists: string
  readonly album: string | undefined
}) => (
  <>
    <dt>{label}</dt>
    <dd>
      {name} <span class="soft">by {artists}</span>
      {album !== undefined && <span class="small soft block">{album}</span>}
    </dd>
  </>
)

const percent = (owner: Owner, share: number): string => `${number(owner, share * 100)} %`

const Scores = ({ owner, review }: { readonly owner: Owner; readonly review: ReviewInfo }) => (
  <DataTable
    title="What was found"
    columns={["Track", "Artists", "Album", "Confidence", "Title", "Artist", "Lowered by"]}
    rows={review.scores.map(({ artist, candidate, confidence, lowered, title }) => [
      candidate.name,
      candidate.artists.join(", "),
      candidate.album ?? "",
      percent(owner, confidence),
      percent(owner, title),
      percent(owner, artist),
      lowered.map(({ reason }) => reason.replaceAll("_", " ")).join(", ")
    ])}
  />
)

const Card = ({ csrf, index, owner, review }: {
  readonly csrf: string
  readonly index: number
  readonly owner: Owner
  readonly review: ReviewInfo
}) => {
  const { candidate, confidence, id } = review
  const title = `review-${index}`
  const action = `/reviews/${encodeURIComponent(id)}`
  return (
    <section class="card stack tight" aria-labelledby={title}>
      <h2 id={title}>{review.track_name}</h2>
      <dl class="facts">
        <Song
          label="Asked for"
          name={review.track_name}
          artists={review.artist}
          album={Option.getOrUndefined(review.album)}
        />
        <Song label="Found" name={candidate.name} artists={candidate.artists.join(", ")} album={candidate.album} />
        <dt>Confidence</dt>
        <dd>{percent(owner, confidence)}</dd>
        <dt>Playlist</dt>
        <dd class="mono">{review.playlist_id}</dd>
      </dl>
      <p class="small soft">
        Asked <Ago owner={owner} at={review.since} />; without an answer nothing is added, and that is settled{" "}
        <Ago owner={owner} at={review.until} />. <a href={runHref(id)}>The run</a>
      </p>
      <div class="row">
        <Act action={`${action}/approve`} csrf={csrf} label={`Add it: ${candidate.name}`}>Add it</Act>
        <Act action={`${action}/reject`} csrf={csrf} label={`Not this one: ${candidate.name}`}>Not this one</Act>
      </div>
      <Scores owner={owner} review={review} />
    </section>
  )
}

export const reviewsView = ({ csrf, owner, query, reviews }: ReviewsData): View => ({
  title: reviews.length === 0
    ? "No song waits for you"
    : `${some(owner, reviews.length, "song")} ${reviews.length === 1 ? "waits" : "wait"} for you`,
  place: "reviews",
  ...reviews.length > 0 ? { tone: "warning" } : {},
  live: ["runs"],
  body: (
    <>
      <Notice query={query} texts={done} />
      <h1>Is this the song?</h1>
      <p class="soft">
        Nobody could tell whether what was found is what was asked for. Nothing is added until you say so.
      </p>
      <div id="reviews" class="stack" data-live>
        {reviews.length === 0 && <Empty>No song waits for you.</Empty>}
        {reviews.map((review, index) => (
          <Card
            key={review.id}
            owner={owner}
            csrf={csrf}
            index={index}
            review={review}
          />
        ))}
      </div>
    </>
  )
})
