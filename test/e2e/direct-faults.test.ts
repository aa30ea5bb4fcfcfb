import t from 'tap'
import { cameraThatFails } from './failing.js'

t.test('a camera that camgate reads itself', { timeout: 240_000 }, cameraThatFails('direct'))
