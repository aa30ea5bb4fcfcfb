import { addressOf, addressOptions } from '../cli/address.js'
import type { Io } from '../cli/command.js'
import { EXIT } from '../cli/exit.js'
import { isHealthy } from '../cli/health.js'
import type { Parsed } from '../cli/options.js'
import { serverPresets } from '../config/server-schema.js'

export const usage = `camgate health [--host HOST] [--port PORT]

Asks a running camgate whether it takes viewers, for Docker. It prints nothing if so.

  --host HOST   where it listens (HOST, or this machine)
  --port PORT   its port (PORT, or ${serverPresets.port})

The exit code is 0 if it answers, 1 if not. --json: { healthy, port }.

  camgate health --port 8080 && echo it serves
`
export const options = addressOptions

export async function run ({ values }: Parsed<typeof options>, { env, json, stdout, stderr }: Io): Promise<number> {
  const { host = '', port = serverPresets.port } = addressOf(values, env)
  const healthy = await isHealthy(host, port)
  if (json) stdout.write(`${JSON.stringify({ healthy, port })}\n`)
  else if (!healthy) stderr.write(`No camgate that takes viewers answers on port ${port}.\n`)
  return healthy ? 0 : EXIT.unhealthy
}
