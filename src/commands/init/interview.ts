import { hashOfTyped, passwordFrom, TWICE } from '../../cli/password.js'
import type { Questions } from '../../cli/terminal/questions.js'
import { CamgateError } from '../../errors.js'
import type { ImportedKeys } from '../../importers/imported.js'
import type { Credentials } from '../../credentials.js'
import type { DescribedDevice } from '../../discovery/describe.js'
import { literal } from '../../yaml/substitute.js'
import { keysOfFound } from './found.js'
import { isHost, makers, readCamera, SIMULATED, type Answers } from './answers.js'

/** Finds ONVIF devices and asks them for their streams. */
export type Discover = (credentials: Credentials) => Promise<DescribedDevice[]>

/** Asks five questions on a terminal, the first three for each camera. An answer that cannot be used is asked for again. @throws {CamgateError} USAGE if the input ends */
export async function interview (questions: Questions, discover: Discover): Promise<Answers> {
  questions.say('Five questions, and then there is a cameras.yaml. Ctrl+C ends it, and nothing is written.\n')
  const cameras: ImportedKeys[] = []
  for (;;) {
    const more = await askCameras(questions, cameras.length, discover)
    if (!more) break
    cameras.push(...more)
  }
  if (cameras.length === 0) cameras.push(SIMULATED)
  const others = await choose(questions, '\n4. Who should see the pictures?\n   1  programs and browsers on this machine\n   2  others in the network, too, with a password\n   (1) ', ['1', '2'])
  return { cameras, ...others === '2' ? { listen: '0.0.0.0', user: await askUser(questions) } : { listen: '127.0.0.1' } }
}

/** A maker whose addresses camgate does not know. */
const ANOTHER = 'another'

/** Returns undefined if there is none, or no further one. */
async function askCameras (questions: Questions, number: number, discover: Discover): Promise<ImportedKeys[] | undefined> {
  const prompt = number === 0
    ? '1. Where is the camera? Its address, such as rtsp://192.168.1.20:554/stream1, or 192.168.1.20 alone,\n   or find, to look for those in this network that speak ONVIF.\n   (nothing: a simulated one, to look around) '
    : '\n1. Where is the next camera?\n   (there is none) '
  for (;;) {
    const address = await ask(questions, prompt)
    if (address === '') return undefined
    if (address.toLowerCase() === 'find') return await findCameras(questions, discover)
    const maker = isHost(address) ? await choose(questions, `   Who made it? (another) ${makers.join(', ')}: `, [ANOTHER, ...makers]) : undefined
    if (maker === ANOTHER) {
      questions.say(`   Then it takes the whole address, which is in the camera's manual; camgate probe ${address} looks for it.`)
      continue
    }
    const alone = readCamera(address, {}, maker)
    if ('problem' in alone) {
      questions.say(`   That cannot be used: ${alone.problem}`)
      continue
    }
    const keys = alone.username === undefined ? { ...alone, ...await askLogin(questions) } : alone
    const name = await ask(questions, `3. What do people call it? (${number + 1}) `)
    return [{ ...name !== '' && { name }, ...keys }]
  }
}

async function findCameras (questions: Questions, discover: Discover): Promise<ImportedKeys[]> {
  const username = await ask(questions, '2. Which user do they ask for? (admin) ') || 'admin'
  const password = await questions.askSecret('   Its password, of which each is shown a proof: ') ?? ''
  questions.say('   Looking for cameras …')
  const { cameras, problems } = keysOfFound(await discover({ username, password }), { username: literal(username), password: literal(password) })
  questions.say([...cameras.map(({ name, source }) => `   found: ${name}, ${String(source)}`), ...problems.map(problem => `   not taken: ${problem}`)].join('\n') || '   No camera has answered. ONVIF may be turned off in it.')
  return cameras
}

async function askLogin (questions: Questions): Promise<{ username?: string, password?: string }> {
  const username = await ask(questions, '2. Which user does it ask for? (none) ')
  if (username === '') return {}
  const password = await questions.askSecret('   Its password: ') ?? ''
  return { username: literal(username), ...password !== '' && { password: literal(password) } }
}

async function askUser (questions: Questions): Promise<{ name: string, hash: string }> {
  const name = await ask(questions, '5. They log in. What is the name of the first user, who may do everything? (admin) ') || 'admin'
  for (;;) {
    try {
      return { name, hash: await hashOfTyped(await passwordFrom(questions, TWICE)) }
    } catch (error) {
      if (!(error instanceof CamgateError) || questions.hasEnded) throw error
      questions.say(`   ${error.message}`)
    }
  }
}

/** One of these words; the first, if nothing is written and it is the default of the prompt. */
async function choose (questions: Questions, prompt: string, words: readonly string[]): Promise<string> {
  for (;;) {
    const answer = await ask(questions, prompt)
    const chosen = words.find(word => word === answer.toLowerCase()) ?? (answer === '' && prompt.includes(`(${words[0]})`) ? words[0] : undefined)
    if (chosen !== undefined) return chosen
    questions.say(`   One of ${words.join(', ')}.`)
  }
}

async function ask (questions: Questions, prompt: string): Promise<string> {
  const answer = await questions.ask(prompt)
  if (answer === undefined) throw new CamgateError('USAGE', 'The input has ended, and nothing was written.')
  return answer.trim()
}
