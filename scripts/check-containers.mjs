// What must hold of Dockerfile and docker-compose.yml: `node scripts/check-containers.mjs [folder]`, where the folder has what
// `docker compose config --format json` said: default.json, and all.json with every profile. Without, only the Dockerfile is looked at.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { isInContext } from "./image-context.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const text = (path) => readFileSync(join(root, path), "utf8")
const mistakes = []
const must = (holds, mistake) => {
  if (!holds) mistakes.push(mistake)
}

const pinned = /^[a-z0-9./-]+:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/

const lines = text("Dockerfile").replaceAll("\\\n", " ").split("\n").map((line) => line.trim())
const stages = new Set(lines.flatMap((line) => /^FROM \S+ AS (\S+)/.exec(line)?.[1] ?? []))
for (const line of lines) {
  const [instruction, ...words] = line.split(/\s+/)
  if (instruction === "FROM") must(pinned.test(words[0]), `Dockerfile: ${words[0]} is no version`)
  if (instruction !== "COPY") continue
  const from = words.find((word) => word.startsWith("--from="))?.slice("--from=".length)
  if (from !== undefined) {
    must(stages.has(from), `Dockerfile: there is no stage ${from}`)
    continue
  }
  for (const path of words.slice(0, -1)) {
    must(existsSync(join(root, path)), `Dockerfile: ${path} is not there`)
    must(isInContext(path), `Dockerfile: .dockerignore keeps ${path} back`)
  }
}
for (const path of [".git", "node_modules", "packaging/containers/surrealdb.env", "secrets/glider-key", "test"]) {
  must(!isInContext(path), `.dockerignore lets ${path} through`)
}
must(lines.some((line) => /^USER [1-9]\d*(:\d+)?$/.test(line)), "Dockerfile: the user has no number, or is root")
must(lines.some((line) => line.startsWith("HEALTHCHECK ")), "Dockerfile: there is no HEALTHCHECK")
const { devDependencies, version } = JSON.parse(text("package.json"))
must(
  lines.filter((line) => line.startsWith("FROM ")).every((line) => line.includes(` node:${devDependencies.node}-`)),
  `Dockerfile: the Node is another one than ${devDependencies.node}, which the tests run on`
)

const [folder] = process.argv.slice(2)
const compose = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"))
const checkService = ([name, service]) => {
  const told = (mistake) => `docker-compose.yml: ${name} ${mistake}`
  must(pinned.test(service.image), told(`has the image ${service.image}, which is no version`))
  must(
    service.image !== "glider:latest" &&
      (!service.image.startsWith("glider:") || service.image === `glider:${version}`),
    told(`is not of version ${version}`)
  )
  must(service.read_only === true, told("can write to its root"))
  must(service.cap_drop?.includes("ALL"), told("has capabilities"))
  must(service.security_opt?.includes("no-new-privileges:true"), told("may gain privileges"))
  must(service.privileged !== true, told("is privileged"))
  must(service.user === undefined || !/^(0|root)(:|$)/.test(service.user), told("is root"))
  for (const { host_ip, published } of service.ports ?? []) {
    must(host_ip === "127.0.0.1", told(`publishes ${published} to other machines`))
  }
  for (const { source, target, type } of service.volumes ?? []) {
    if (type !== "bind" || target === "/run/secrets") continue
    must(existsSync(source), told(`mounts ${source}, which is not there`))
  }
}
if (folder !== undefined) {
  const alone = compose("default.json")
  const all = compose("all.json")
  const names = ({ services }) => Object.keys(services).toSorted().join(" ")
  must(names(alone) === "glider prepare", `docker-compose.yml: the default is ${names(alone)}`)
  must(
    names(all) === "glider grafana otel-collector prepare prometheus surrealdb surrealdb-password",
    `docker-compose.yml: all profiles are ${names(all)}`
  )
  must(!/temporal|postgres/i.test(JSON.stringify(all)), "docker-compose.yml: there is a Temporal or a PostgreSQL")
  must(
    alone.services.glider.command.join(" ") === "node dist/Main.js run",
    "docker-compose.yml: glider runs something else"
  )
  must(
    alone.services.glider.healthcheck?.test.at(-1) === "health",
    "docker-compose.yml: glider's health is not asked for"
  )
  must(all.services.surrealdb.ports === undefined, "docker-compose.yml: the store's port is published")
  must(
    all.services.glider.depends_on.surrealdb.condition === "service_healthy",
    "docker-compose.yml: glider does not wait for the store"
  )
  for (const service of Object.entries(all.services)) checkService(service)
}

for (const file of readdirSync(join(root, "observability/grafana"))) {
  must(file.endsWith(".json"), `observability/grafana/${file} is no dashboard`)
}
if (mistakes.length > 0) {
  process.stderr.write(`${mistakes.join("\n")}\n`)
  process.exit(1)
}
process.stdout.write(`Dockerfile${folder === undefined ? "" : " and docker-compose.yml"}: all holds\n`)
