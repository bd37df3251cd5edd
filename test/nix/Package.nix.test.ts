/** The recipe of the package as a shell runs it, on the sources that Nix would copy and with the packages that it would fetch. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stringify } from "smol-toml"
import { absent, Checkout, root, run, system } from "./support/Nix.ts"

const flake = new Checkout(true)
const work = mkdtempSync(join(tmpdir(), "glider-recipe-"))
const out = join(work, "out")
const glider = join(out, "bin/glider")
afterAll(() => {
  flake.remove()
  rmSync(work, { recursive: true, force: true })
})

/** Nix's builder, as far as the recipe asks for it, with this machine's programs in place of nixpkgs'. */
const builder = (phases: string): string =>
  `set -euo pipefail
runHook() { :; }
cp() { command cp --link "$@"; } # which takes a moment
makeWrapper() { mkdir -p "$(dirname "$2")"; printf '#!/bin/sh\\nexec %s %s "$@"\\n' "$1" "$4" >"$2"; chmod +x "$2"; }
installManPage() { test -s "$1"; }
installShellCompletion() { for each; do test -s "$each"; done; }
cd source
${phases}`

describe.skipIf(absent)("the recipe", () => {
  beforeAll(() => {
    const recipe = Object(flake.value(
      `packages.${system}.default`,
      `glider: {
        src = "\${glider.recipe.src}";
        dependencies = "\${glider.dependencies}";
        phases = with glider.recipe; [ buildPhase installPhase installCheckPhase ];
      }`
    ))
    const dependencies = join(work, "dependencies")
    const copied = run(process.execPath, ["nix/dependencies.mjs", "--link", ".", dependencies])
    if (!copied.ok) throw new Error(copied.said)
    run("cp", ["-r", flake.stored(recipe.src), join(work, "source")])
    run("chmod", ["-R", "u+w", join(work, "source")])
    mkdirSync(join(work, "home"))
    const phases = recipe.phases.join("\n")
      .replaceAll(recipe.dependencies, dependencies)
      .replaceAll(/\/nix\/store\/\w{32}-node\/bin\/node/g, process.execPath)
    writeFileSync(join(work, "builder"), builder(phases))
    const built = run("bash", [join(work, "builder")], {
      ESBUILD_BINARY_PATH: join(root, "node_modules/.bin/esbuild"),
      PATH: `${join(process.execPath, "..")}:/usr/bin:/bin`,
      TMPDIR: join(work, "home"),
      out
    }, work)
    if (!built.ok) throw new Error(built.out + built.said)
  })

  it("asks for nothing but what Nix gives it", () => {
    const phases = readFileSync(join(work, "builder"), "utf8")
    assert.notInclude(phases, "/nix/store")
    assert.isFalse(existsSync(join(work, "source/.ci")))
  })

  it("brings the addon for this system alone, with the packages that it needs, and opens a store with them", () => {
    const modules = join(out, "lib/glider/node_modules")
    const addons = readdirSync(join(modules, "@surrealdb/node/dist")).filter((name) => name.endsWith(".node"))
    assert.deepStrictEqual(addons, [`surrealdb-node.linux-${process.arch}-gnu.node`])
    assert.sameMembers(readdirSync(modules), ["@surrealdb", "surrealdb", "uuidv7"])
    const config = join(root, "config.toml")
    const status = run(glider, ["schedule", "list", "--config", config, "--data-dir", join(work, "data")])
    assert.isTrue(status.ok, status.said)
    assert.include(status.out, "spotify")
    assert.isTrue(existsSync(join(work, "data/store")))
  })

  it("brings the page's style and scripts", () => {
    const assets = join(out, "lib/glider/dist/dashboard")
    const manifest = JSON.parse(readFileSync(join(assets, "manifest.json"), "utf8"))
    for (const name of ["Page.ts", "style.css"]) assert.isTrue(existsSync(join(assets, manifest[name].file)), name)
  })

  it("makes a program that finds no mistake in the settings of the example, and one in others", () => {
    const settings = Object(flake.value("nixosConfigurations.example.config.services.glider.settings"))
    const check = (value: object): { readonly ok: boolean; readonly out: string; readonly said: string } => {
      const file = join(work, "config.toml")
      writeFileSync(file, stringify(value))
      return run(glider, ["config", "check", "--config", file])
    }
    const accepted = check(settings)
    assert.isTrue(accepted.ok, accepted.said)
    assert.isFalse(check({ ...settings, shceduler: {} }).ok)
  })
})
