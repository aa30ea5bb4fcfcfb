import { answer, type Io } from '../../cli/command.js'
import { EXIT } from '../../cli/exit.js'
import { configOption, configPathOf } from '../../cli/files/config-file.js'
import type { Parsed } from '../../cli/options.js'
import { withProgress } from '../../cli/progress.js'
import { systemClock } from '../../clock.js'
import { loadRegistry } from '../../config/load.js'
import { CamgateError } from '../../errors.js'
import { sendTest } from '../../notify/send-test.js'

export const usage = `camgate notify [FILE]

Posts a message of the type test to every receiver of notify in cameras.yaml, once, and says what each answers. It contacts no camera, and a camgate that
runs notices nothing. FILE may also be given as --config FILE or -c FILE; without it, it is CAMGATE_CONFIG or cameras.yaml.

The exit code is 0 if all have accepted it, 69 if not. --json: { file, receivers }, each with name, accepted and answer.

  camgate notify cameras.yaml
`
export const options = configOption
export const operands = 'file'

export async function run (parsed: Parsed<typeof options>, io: Io): Promise<number> {
  const file = configPathOf(parsed, io.env, usage)
  const registry = loadRegistry(file, io.env)
  if (registry.notify.length === 0) throw new CamgateError('CONFIG', `${file} has no receivers. Write them below notify:, for example\n    notify:\n      - url: https://hooks.example.org/camgate`)
  const receivers = await withProgress(io, 'Waiting for the receivers', () => sendTest(registry, systemClock))
  answer(io, receivers.map(({ name, accepted, answer }) => `${accepted ? 'ok     ' : 'failed '} ${name}: ${answer}\n`).join(''), { file, receivers })
  return receivers.every(({ accepted }) => accepted) ? 0 : EXIT.unavailable
}
