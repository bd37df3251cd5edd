/** All about reports, over the records. */
import { Layer } from "effect"
import { ReportRows } from "../store/ReportRows.ts"
import { Gathering } from "./Gathering.ts"
import { Reports } from "./Reports.ts"

export const layer = Reports.layer.pipe(Layer.provide(Gathering.layer), Layer.provideMerge(ReportRows.layer))
