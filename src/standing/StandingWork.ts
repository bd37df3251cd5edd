/** What is done by itself to keep the data worth having: every standing job with its handler, its clock and its key. */
import { Layer } from "effect"
import * as AffinityDesk from "../affinity/AffinityDesk.ts"
import * as Records from "../records/Records.ts"
import * as ReportDesk from "../reports/ReportDesk.ts"
import { GuardedHttp } from "../services/GuardedHttp.ts"
import { Mail } from "../services/Mail.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { CalendarAddresses } from "../workflows/CalendarAddresses.ts"
import * as CalendarRefresh from "./CalendarRefresh.ts"
import * as CandidatesJob from "./CandidatesJob.ts"
import * as DecayJob from "./DecayJob.ts"
import * as HealthMonitor from "./HealthMonitor.ts"
import * as IndexesJob from "./IndexesJob.ts"
import * as ReportJobs from "./ReportJobs.ts"
import * as ReportMail from "./ReportMail.ts"
import * as RetentionJob from "./RetentionJob.ts"
import * as SyncSweep from "./SyncSweep.ts"

export const layer = (dataFolder: string) =>
  Layer.mergeAll(
    CandidatesJob.layer,
    CalendarRefresh.layer.pipe(
      Layer.provide(CalendarAddresses.layerIn(dataFolder)),
      Layer.provide([GuardedHttp.layer, ImportedCalendars.layer])
    ),
    HealthMonitor.layer,
    SyncSweep.layer,
    DecayJob.layer.pipe(Layer.provide(AffinityDesk.layer)),
    IndexesJob.layer,
    Layer.merge(ReportJobs.layer, ReportMail.layer).pipe(
      Layer.provide([ReportDesk.layer, Mail.layer]),
      Layer.provide(Records.layer)
    ),
    RetentionJob.layer
  )
