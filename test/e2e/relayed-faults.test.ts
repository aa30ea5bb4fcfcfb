import t from 'tap'
import { cameraThatFails } from './failing.js'

t.test('a camera that ffmpeg reads', { timeout: 240_000 }, cameraThatFails('ffmpeg'))
