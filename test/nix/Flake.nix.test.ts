/** The flake, its package and its module, as Nix evaluates them; and mistakes, which are refused. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { absent, Checkout, refusal, root, run } from "./support/Nix.ts"

const checkouts: Array<Checkout> = []
/** One to be spoilt. */
const checkout = (): Checkout => {
  const made = new Checkout()
  checkouts.push(made)
  return made
}
const flake = checkout()
afterAll(() => checkouts.forEach((made) => made.remove()))

describe.skipIf(absent)("the flake", () => {
  it("evaluates in every part, for every system that it speaks of", () => {
    const { ok, said } = flake.nix(["flake", "check", "--no-build"])
    assert.isTrue(ok, said)
  })

  it("has the same package, app, shell, module and checks under their default names", () => {
    const shown = flake.nix(["flake", "show", "--json"])
    assert.isTrue(shown.ok, shown.said)
    const outputs = JSON.parse(shown.out)
    assert.hasAllKeys(outputs, ["apps", "checks", "devShells", "nixosConfigurations", "nixosModules", "packages"])
    assert.hasAllKeys(outputs.packages, ["aarch64-darwin", "aarch64-linux", "x86_64-linux"])
    assert.hasAllKeys(outputs.packages["x86_64-linux"], ["default", "glider"])
    assert.hasAllKeys(outputs.nixosModules, ["default", "glider"])
  })

  it("pins nixpkgs", () => {
    const { nodes } = JSON.parse(readFileSync(join(root, "flake.lock"), "utf8"))
    assert.match(nodes.nixpkgs.locked.rev, /^[0-9a-f]{40}$/)
    assert.match(nodes.nixpkgs.locked.narHash, /^sha256-/)
  })

  it("knows the hash of the packages that are installed", () => {
    const { ok, out, said } = run(join(root, "nix/dependencies-hash"), ["--check"])
    assert.isTrue(ok, out + said)
  })
})

const recipe = ["eval", "--raw"]

describe.skipIf(absent)("a mistake is refused", () => {
  it("an option that there is not", () => {
    assert.isTrue(flake.example("{ port = 4748; }").ok)
    assert.include(refusal(flake.example("{ prot = 4748; }")), "The option `services.glider.prot' does not exist")
  })

  it("a port that there is not, as an option and in the settings", () => {
    const wrong = "is not of type `16 bit unsigned integer"
    assert.include(refusal(flake.example("{ port = 99999; }")), `\`services.glider.port' ${wrong}`)
    const settings = flake.example("{ settings.server.port = 99999; }")
    assert.include(refusal(settings), `\`services.glider.settings.server.port' ${wrong}`)
  })

  it("a secret in the settings", () => {
    const said = refusal(flake.example("{ settings.provider.spotify.client_secret = \"0123456789abcdef\"; }"))
    assert.include(said, "Failed assertions")
    assert.include(said, "looks like a secret (provider.spotify.client_secret)")
    assert.include(said, "give it by services.glider.credentials or environmentFile")
  })

  it("an attribute that is misspelt, by who asks for it and in the recipe", () => {
    assert.isTrue(flake.nix(recipe, "packages.x86_64-linux.default.drvPath").ok)
    assert.include(refusal(flake.nix(recipe, "packages.x86_64-linux.gilder.drvPath")), "does not provide attribute")
    const made = checkout()
    made.edit("nix/package.nix", "  esbuild,\n", "  esbiuld,\n")
    assert.include(refusal(made.nix(recipe, "packages.x86_64-linux.default.drvPath")), "esb")
  })

  it("a hash of packages that are others by now", () => {
    const made = checkout()
    const { integrity } = made.locked("effect")
    made.edit("package-lock.json", integrity, integrity.replace(/-..../, "-AAAA"))
    const said = refusal(made.nix(recipe, "packages.x86_64-linux.default.drvPath"))
    assert.include(said, "run nix/dependencies-hash")
  })

  it("a hash that is not that of the packages", () => {
    const made = checkout()
    made.installed()
    made.edit("nix/dependencies.nix", "hash = \"sha256-", "hash = \"sha256-A")
    const { ok, out, said } = run(join(made.path, "nix/dependencies-hash"), ["--check"])
    assert.isFalse(ok, out)
    assert.include(said, "run npm ci, then nix/dependencies-hash")
  })

  it("a hash of packages of which another version is installed", () => {
    const made = checkout()
    made.installed()
    const { integrity, version } = made.locked("@effect/opentelemetry")
    const rest = `,\n      "integrity": "${integrity}"`
    made.edit("package-lock.json", `"version": "${version}"${rest}`, `"version": "0.0.1"${rest}`)
    const said = refusal(run(join(made.path, "nix/dependencies-hash"), ["--check"]))
    assert.include(said, "package-lock.json says 0.0.1: run npm ci")
  })
})
