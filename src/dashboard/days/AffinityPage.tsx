/** `/affinity`: who and what is near. */
import { Effect } from "effect"
import type { Affinity } from "../../api/AffinityMessages.ts"
import type { AffinityKind } from "../../domain/Affinity.ts"
import { Ago, Empty } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"

const titles: { readonly [K in AffinityKind]: string } = {
  person: "People",
  place: "Places",
  artist: "Artists",
  track: "Tracks"
}

const kinds = ["person", "place", "artist", "track"] as const satisfies ReadonlyArray<AffinityKind>

type Near = { readonly [K in AffinityKind]: ReadonlyArray<Affinity> }

const Panel = ({ kind, owner, things }: {
  readonly owner: Owner
  readonly kind: AffinityKind
  readonly things: ReadonlyArray<Affinity>
}) => (
  <section class="card stack">
    <h2>{titles[kind]}</h2>
    {things.length === 0 ? <Empty>Nobody has looked yet, or nothing is near.</Empty> : (
      <ol class="tops">
        {things.map(({ artists, key, last_met, name, score, uses }) => (
          <li key={key}>
            <span class="name">
              {name}
              {artists.length > 0 && <span class="by soft small">{artists.join(", ")}</span>}
            </span>
            <span class="num small">
              {number(owner, uses)}×, <Ago owner={owner} at={last_met} />
            </span>
            <svg width="100%" height="3" aria-hidden="true">
              <rect width={`${score * 100}%`} height="3" rx="1.5" />
            </svg>
          </li>
        ))}
      </ol>
    )}
  </section>
)

export const affinityView = (owner: Owner, near: Near): View => ({
  title: "Near",
  place: "affinity",
  body: (
    <>
      <h1>Near</h1>
      <p class="soft">
        Whom and what you met often and lately. What you do not meet comes down day by day, and is archived once it is
        far.
      </p>
      <div class="columns">
        {kinds.map((kind) => <Panel key={kind} owner={owner} kind={kind} things={near[kind]} />)}
      </div>
    </>
  )
})

export const affinityPage: Page = ({ api, owner }) => {
  const of = (kind: AffinityKind) =>
    Effect.map(api.affinity.list({ query: { kind, limit: 15 } }), ({ things }) => things)
  return Effect.map(
    Effect.all({ person: of("person"), place: of("place"), artist: of("artist"), track: of("track") }, {
      concurrency: "unbounded"
    }),
    (near) => affinityView(owner, near)
  )
}
