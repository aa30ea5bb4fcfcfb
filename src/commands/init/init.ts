import { existsSync, renameSync } from 'node:fs'
import { answer, type Io } from '../../cli/command.js'
import { configPath } from '../../cli/files/config-file.js'
import type { Parsed } from '../../cli/options.js'
import { existsAlready, writeOutput } from '../../cli/files/output-file.js'
import { askPassword, hashOfTyped, readPassword, TWICE } from '../../cli/password.js'
import { Questions } from '../../cli/terminal/questions.js'
import { withProgress } from '../../cli/progress.js'
import type { Credentials } from '../../credentials.js'
import type { DescribedDevice } from '../../discovery/describe.js'
import { CamgateError } from '../../errors.js'
import type { ImportedKeys } from '../../importers/imported.js'
import { firstFile, reachesOthers, readCamera, type Answers } from './answers.js'
import { keysOfFound } from './found.js'
import { interview } from './interview.js'
import { addCredentials } from '../../text/redact.js'

export const usage = `camgate init [FILE] [--camera ADDRESS [--name NAME]]... [--discover USER] [--listen HOST --user NAME] [--force]

Asks five questions on a terminal and writes a first cameras.yaml that can be served. With options it asks nothing, but for the password of --user: twice
on a terminal, else one line of the standard input. FILE is CAMGATE_CONFIG or cameras.yaml if it is not given.

  --camera ADDRESS  rtsp://… or http://…, with user and password if the camera asks for them; \${NAME} in it is the environment's
  --name NAME       what people call it: the first for the first camera, and so on
  --discover USER   look for ONVIF cameras in this network and log in as USER; the password is CAMGATE_PASSWORD, or asked for
  --listen HOST     the address to listen on (127.0.0.1: this machine alone); any other needs --user
  --user NAME       the first user, who may do everything
  --force           replace FILE; the old one is kept as FILE.old

The exit code is 0 if FILE was written, 73 if there is one already, 65 if --discover found no camera. --json: { file, cameras }.

  camgate init --camera 'rtsp://admin:\${CAM1_PASSWORD}@192.168.1.20/stream1' --name Gate
`
const texts = { type: 'string', multiple: true, default: [] as string[] } as const
export const options = { camera: texts, discover: { type: 'string' }, name: texts, listen: { type: 'string' }, user: { type: 'string' }, force: { type: 'boolean', default: false } } as const
export const operands = 'file'

export async function run ({ positionals: [named, ...more], values }: Parsed<typeof options>, io: Io): Promise<undefined> {
  if (more.length > 0) throw new CamgateError('USAGE', `init writes one file.\n\n${usage}`)
  const file = configPath(named, io.env)
  const exists = existsSync(file)
  if (exists && !values.force) throw existsAlready(file)
  const answers = values.camera.length > 0 || values.discover !== undefined ? await fromOptions(values, io) : await fromTerminal(values, io)
  const { yaml, ids } = firstFile(answers, file)
  if (exists) renameSync(file, `${file}.old`)
  writeOutput(file, yaml, false)
  const page = reachesOthers(answers.listen) ? 'port 5000 of this machine' : 'http://localhost:5000/'
  const operand = named === undefined ? '' : ` ${named}`
  const camgate = io.env.npm_command === 'exec' ? 'npx camgate' : 'camgate'
  answer(io, `${file} has ${ids.length} camera${ids.length === 1 ? '' : 's'} now.\n\n  ${camgate} check${operand}   lists mistakes, after you have changed it\n  ${camgate} serve${operand}   serves it; then open ${page} in a browser\n`, { file, cameras: ids })
}

async function fromTerminal ({ listen, user, name }: Parsed<typeof options>['values'], io: Io): Promise<Answers> {
  if (!io.stdin.isTTY || listen !== undefined || user !== undefined || name.length > 0) {
    throw new CamgateError('USAGE', `${io.stdin.isTTY ? 'With options' : 'Without a terminal'}, init needs --camera ADDRESS or --discover USER, and may be given --name, --listen and --user.\n\n${usage}`)
  }
  const questions = new Questions(io)
  try {
    return await interview(questions, discover)
  } finally {
    questions.close()
  }
}

/** Imports late what speaks ONVIF: few ask for it. */
async function discover (credentials: Credentials): Promise<DescribedDevice[]> {
  const { findDevices } = await import('../discover.js')
  addCredentials(credentials)
  return await findDevices(credentials, { say () {} })
}

/** The password of cameras that --discover finds is left to the environment. */
const CAMERA_PASSWORD = '${CAM_PASSWORD}' // eslint-disable-line no-template-curly-in-string -- as in cameras.yaml

async function findCameras (username: string, io: Io): Promise<ImportedKeys[]> {
  const credentials = await askPassword(username, io)
  const devices = await withProgress(io, 'Looking for cameras', async () => await discover(credentials))
  const { cameras, problems } = keysOfFound(devices, { username, password: CAMERA_PASSWORD })
  for (const problem of problems) io.stderr.write(`Not taken: ${problem}\n`)
  if (cameras.length === 0) throw new CamgateError('IMPORT', 'No camera was found that shows its streams, and nothing was written. camgate discover says more.')
  io.stderr.write('The cameras found have password: ${CAM_PASSWORD}: set it in the environment of camgate.\n') // eslint-disable-line no-template-curly-in-string -- as in cameras.yaml
  return cameras
}

async function fromOptions ({ camera, name, discover, listen = '127.0.0.1', user }: Parsed<typeof options>['values'], io: Io): Promise<Answers> {
  if (name.length > camera.length) throw new CamgateError('USAGE', `There are more names than cameras.\n\n${usage}`)
  const cameras = camera.map((address, index): ImportedKeys => {
    const keys = readCamera(address)
    if ('problem' in keys) throw new CamgateError('USAGE', `--camera, the ${index + 1}. one: ${keys.problem}.`)
    return { ...name[index] !== undefined && { name: name[index] }, ...keys }
  })
  if (user === undefined && reachesOthers(listen)) throw new CamgateError('USAGE', `On ${JSON.stringify(listen)}, others than this machine may reach camgate: say with --user NAME who may come in.`)
  if (discover !== undefined && user !== undefined && io.env.CAMGATE_PASSWORD === undefined) throw new CamgateError('USAGE', 'With both --discover and --user, the password of the cameras is CAMGATE_PASSWORD in the environment.')
  if (discover !== undefined) cameras.push(...await findCameras(discover, io))
  if (user === undefined) return { cameras, listen }
  return { cameras, listen, user: { name: user, hash: await hashOfTyped(await readPassword(io, TWICE)) } }
}
