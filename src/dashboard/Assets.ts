/** The style and the scripts of the page, as the build left them: their names change with their content. */
import { Context, Effect, FileSystem, Layer, Option, Path, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpStaticServer } from "effect/http"

/** Put in by the build: where it left the assets, relative to the program's own folder. */
declare const GLIDER_ASSETS: string | undefined

const Manifest = Schema.fromJsonString(
  Schema.Record(Schema.String, Schema.Struct({ file: Schema.String }))
)

/** The folder that the build made; of the sources, that of `npm run build`. */
export const AssetsFolder = Context.Reference<string>("glider/dashboard/Assets/AssetsFolder", {
  defaultValue: () =>
    new URL(typeof GLIDER_ASSETS === "string" ? GLIDER_ASSETS : "../../dist/dashboard/", import.meta.url).pathname
})

/** The addresses of the assets that every page names. */
export class Assets extends Context.Service<Assets, {
  readonly script: Option.Option<string>
  readonly style: Option.Option<string>
}>()("glider/dashboard/Assets") {
  /** Without a build there is no style and no script, and the pages work without them. */
  static readonly layer = Layer.effect(
    Assets,
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const folder = yield* AssetsFolder
      const text = yield* Effect.option(fs.readFileString(path.join(folder, "manifest.json")))
      const manifest = Option.flatMap(text, Schema.decodeOption(Manifest))
      if (Option.isNone(manifest)) {
        yield* Effect.logWarning(`the pages have neither style nor script, which were to be in ${folder}`)
        return { script: Option.none(), style: Option.none() }
      }
      const { "Page.ts": script, "style.css": style } = manifest.value
      const address = (file: string | undefined) =>
        Option.map(Option.fromUndefinedOr(file), (name) => `/assets/${name}`)
      return { script: address(script?.file), style: address(style?.file) }
    })
  )
}

/** Serves them; a name that has changed is another file, so they are kept for a year. */
export const assets = Layer.unwrap(
  Effect.map(AssetsFolder, (root) =>
    HttpRouter.use(Effect.fnUntraced(function*(router) {
      const files = yield* HttpStaticServer.make({ root, cacheControl: "public, max-age=31536000, immutable" })
      const beneath = Effect.updateService(files, HttpServerRequest.HttpServerRequest, (request) =>
        request.modify({ url: request.url.slice("/assets".length) }))
      yield* router.add("GET", "/assets/*", beneath)
    })))
)
