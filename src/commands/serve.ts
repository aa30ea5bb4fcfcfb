import { addressOf, addressOptions } from '../cli/address.js'
import type { Io } from '../cli/command.js'
import { configOption, configPathOf } from '../cli/files/config-file.js'
import type { Parsed } from '../cli/options.js'
import { start } from '../cli/start.js'
import { withEnvironment } from '../config/environment.js'
import type { ServerSettings } from '../config/server.js'
import { readFirst } from '../reload/first-reading.js'
import { inPlace } from '../yaml/diagnostic.js'

export const usage = `camgate [serve] [FILE] [--host HOST] [--port PORT]

Serves the cameras of FILE until Ctrl+C or SIGTERM. FILE may also be given as --config FILE or -c FILE; without it, it is CAMGATE_CONFIG or cameras.yaml.

  --host HOST   the address to listen on (HOST, or server.host: 127.0.0.1)
  --port PORT   the port; 0 is any free one (PORT, or server.port: 5000)

LOG_LEVEL, CAMGATE_AUTH (none) and CAMGATE_ORIGINS are read from the environment, too. On any host but this machine's own, server.auth or
CAMGATE_AUTH=none has to say who may come in. The log is JSON lines where stdout is not a terminal.

  camgate cameras.yaml --port 8080
`
export const options = { ...configOption, ...addressOptions } as const
export const operands = 'file'

export async function run (parsed: Parsed<typeof options>, io: Io): Promise<undefined> {
  const file = configPathOf(parsed, io.env, usage)
  const { registry, contents } = readFirst(file, io.env)
  const { host, port } = addressOf(parsed.values, io.env)
  const settle = (written: ServerSettings) => {
    const server = withEnvironment(written, io.env)
    return { ...server, host: host ?? server.host, port: port ?? server.port }
  }
  const settled = { ...registry, server: settle(registry.server) }
  const { serve } = await import('../serve.js') // the help of this command does not need it
  await start(io, async (log, shutdown) => {
    for (const warning of registry.warnings) log.warn(inPlace(file, warning))
    await serve({ file, registry: settled, contents, env: io.env, settle }, log, shutdown)
  })
}
