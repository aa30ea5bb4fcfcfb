import t from 'tap'

type Told = (entries: Array<{ readonly target: unknown, readonly isIntersecting: boolean }>) => void

const names = ['document', 'window', 'IntersectionObserver', 'innerWidth', 'innerHeight'] as const
const kept = names.map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
t.teardown(() => {
  for (const [name, descriptor] of kept) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    else Reflect.deleteProperty(globalThis, name)
  }
})

const page = Object.assign(new EventTarget(), { hidden: false })
let tell: Told = () => {}
class Observer {
  constructor (told: Told) { tell = told }
  observe () {}
  unobserve () {}
}
const stands = { document: page, window: new EventTarget(), IntersectionObserver: Observer, innerWidth: 1_000, innerHeight: 600 }
for (const [name, value] of Object.entries(stands)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
const { lookAt, watchVisibility } = await import('../../../src/view/page/visibility.js')

const at = (top: number, height = 100) => ({ getBoundingClientRect: () => ({ top, bottom: top + height, left: 0, right: height > 0 ? 200 : 0 }) }) as unknown as Element

function watch (element: Element) {
  const told: boolean[] = []
  return { told, stop: watchVisibility(element, isVisible => told.push(isVisible)) }
}

t.test('an element', async t => {
  t.test('is looked at as long as the browser has not said whether it can be seen', async t => {
    for (const [element, seen] of [[at(0), [true]], [at(700), [true]], [at(-200), [true]], [at(800), []], [at(-300), []], [at(0, 0), []]] as const) {
      const { told, stop } = watch(element)
      t.same(told, [])
      lookAt(element)
      t.same(told, seen)
      stop()
      lookAt(element)
      t.same(told, seen, 'nobody watches it any longer')
    }
  })
  t.test('is what the browser says, which knows what covers it', async t => {
    const element = at(0)
    const { told, stop } = watch(element)
    lookAt(element)
    tell([{ target: element, isIntersecting: false }])
    lookAt(element)
    t.same(told, [true, false])
    stop()
  })
  t.test('cannot be seen while its tab is hidden, or its page is kept for the way back', async t => {
    const element = at(0)
    const { told, stop } = watch(element)
    page.hidden = true
    lookAt(element)
    page.hidden = false
    tell([{ target: element, isIntersecting: true }])
    for (const event of ['pagehide', 'pageshow']) stands.window.dispatchEvent(new Event(event))
    for (const event of ['freeze', 'resume']) page.dispatchEvent(new Event(event))
    t.same(told, [false, true, false, true, false, true])
    stop()
  })
})
