/** All about affinities, over an opened and migrated store. */
import { Layer } from "effect"
import { AffinityRows } from "../store/AffinityRows.ts"
import { Connections } from "../store/Connections.ts"
import { EventCompany } from "../store/EventCompany.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { Tracks } from "../store/Tracks.ts"
import { Affinities } from "./Affinities.ts"
import { Met } from "./Encounters.ts"

export const layer = Affinities.layer.pipe(
  Layer.provide(Met.layer),
  Layer.provide([AffinityRows.layer, Connections.layer, EventCompany.layer, ImportedCalendars.layer, Tracks.layer])
)
