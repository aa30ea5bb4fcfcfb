import { say, sayForCode } from '../words/language.js'
import { probe, sentence } from './requests.js'

/**
 * The result of one look at the camera, in words. If no password was typed, the one that is set is used: an empty one would be a wrong login.
 * @param {import('./values.js').JsonMap} camera
 * @param {string | undefined} id of the camera that has it
 */
export async function testCamera ({ source = '', username, password }, id) {
  /** @type {import('./values.js').JsonMap} */
  const body = id === undefined ? { source } : { source, id }
  if (typeof password === 'string') Object.assign(body, { username: username ?? '', password })
  else if (password === undefined && username !== undefined) Object.assign(body, { username })
  try {
    const { failure, video } = await probe(body)
    if (failure !== null) return sayForCode(failure.code, failure.message)
    return say('testWorks', { codec: video?.codec ?? '?', size: `${video?.width ?? '?'}×${video?.height ?? '?'}` })
  } catch (thrown) {
    return sentence(thrown)
  }
}
