/** What the person's records say, put into the owner's days. */
import { Layer } from "effect"
import { Connections } from "../store/Connections.ts"
import { FirstRecords } from "../store/FirstRecords.ts"
import { GoogleEvents } from "../store/GoogleEvents.ts"
import { ImportCoverage } from "../store/ImportCoverage.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { ListeningDays } from "../store/ListeningDays.ts"
import { OuraDays } from "../store/OuraDays.ts"
import { OuraRecords } from "../store/OuraRecords.ts"
import { SearchWords } from "../store/SearchWords.ts"
import { SyncGaps } from "../store/SyncGaps.ts"
import { SyncStates } from "../store/SyncStates.ts"
import { Tracks } from "../store/Tracks.ts"
import { Body } from "./Body.ts"
import { Calendar } from "./Calendar.ts"
import { Connected } from "./Connected.ts"
import { HeartRates } from "./HeartRates.ts"
import { History } from "./History.ts"
import { Listening } from "./Listening.ts"
import { MusicSearch } from "./MusicSearch.ts"
import { Owner } from "./Owner.ts"
import { Reaches } from "./Reaches.ts"
import { Recorded } from "./Recorded.ts"
import { Search } from "./Search.ts"
import { Summary } from "./Summary.ts"
import { Tops } from "./Tops.ts"
import { Totals } from "./Totals.ts"

const tables = Layer.mergeAll(
  Connections.layer,
  FirstRecords.layer,
  GoogleEvents.layer,
  ImportCoverage.layer,
  ImportedCalendars.layer,
  ListeningDays.layer,
  OuraDays.layer,
  OuraRecords.layer,
  SearchWords.layer,
  SyncGaps.layer,
  SyncStates.layer,
  Tracks.layer
)

/** All of it, over an opened and migrated store. */
export const layer = Layer.mergeAll(
  HeartRates.layer,
  Listening.layer,
  Recorded.layer,
  Search.layer,
  Summary.layer,
  Tops.layer,
  Totals.layer
).pipe(
  Layer.provideMerge([Body.layer, Calendar.layer]),
  Layer.provide([History.layer, MusicSearch.layer, Reaches.layer]),
  Layer.provide(Connected.layer),
  Layer.provideMerge(Owner.layer),
  Layer.provide(tables)
)
