// Makes the clips of the simulated cameras of cameras.yaml, for an image that has them from the start.
import { readFirst } from '../../dist/reload/first-reading.js'
import { Simulated } from '../../dist/simulated.js'

const { registry } = readFirst('cameras.yaml', {})
const simulated = await Simulated.start(registry.cameras, 'ffmpeg', new AbortController().signal, { error (_, message) { throw new Error(message) } })
await simulated.close()
