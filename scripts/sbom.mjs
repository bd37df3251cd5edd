// The bill of materials of a release, in CycloneDX: npm's, cut down to what is shipped, without what differs from one making to
// another. `--omit dev` is not asked for: it takes away what tools need as well, effect among it.
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { manifestOf } from "./shipped.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))

/** The text, given `packages.json` of the build; a package that npm does not know of is a mistake. */
export const sbomOf = (packages) => {
  const printed = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--offline"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    shell: process.platform === "win32"
  })
  const all = JSON.parse(printed)
  const parts = new Map(packages.map(({ name, part, version }) => [`${name}@${version}`, part]))
  const components = all.components
    .filter((component) => parts.has(component["bom-ref"]))
    .map((component) => ({
      ...component,
      scope: "required",
      properties: [{ name: "glider:part", value: parts.get(component["bom-ref"]) }]
    }))
  const known = new Set(components.map((component) => component["bom-ref"]))
  const strangers = [...parts.keys()].filter((ref) => !known.has(ref))
  if (strangers.length > 0) throw new Error(`npm sbom does not know of ${strangers.join(", ")}, which the release has`)
  const { name, version } = manifestOf(".")
  const own = all.metadata.component["bom-ref"]
  const bill = {
    $schema: all.$schema,
    bomFormat: all.bomFormat,
    specVersion: all.specVersion,
    version: 1,
    metadata: {
      lifecycles: all.metadata.lifecycles,
      component: { ...all.metadata.component, type: "application", name, version }
    },
    components: components.toSorted((a, b) => a["bom-ref"] < b["bom-ref"] ? -1 : 1),
    dependencies: all.dependencies
      .filter(({ ref }) => ref === own || known.has(ref))
      .map(({ dependsOn = [], ref }) => ({ ref, dependsOn: dependsOn.filter((to) => known.has(to)).toSorted() }))
      .toSorted((a, b) => a.ref < b.ref ? -1 : 1)
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}
