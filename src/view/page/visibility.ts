/** A tile this close to the screen is shown already, so that scrolling finds it live. */
const MARGIN_PX = 150

type Changed = (isVisible: boolean) => void

/** `isOnScreen` is undefined until the browser has said so. */
const seen = new Map<Element, { isOnScreen: boolean | undefined, readonly changed: Changed }>()
let observer: IntersectionObserver | undefined
let isFrozen = false

const isVisible = (isOnScreen: boolean | undefined) => isOnScreen === true && !document.hidden && !isFrozen
const tellAll = () => { for (const { isOnScreen, changed } of seen.values()) changed(isVisible(isOnScreen)) }

/** Starts to listen once for all elements. `freeze`: the browser stops a page that is in the background; `pagehide`: it keeps one for the way back. */
function start (): IntersectionObserver {
  document.addEventListener('visibilitychange', tellAll)
  for (const [target, event, frozen] of [[window, 'pagehide', true], [window, 'pageshow', false], [document, 'freeze', true], [document, 'resume', false]] as const) {
    target.addEventListener(event, () => {
      isFrozen = frozen
      tellAll()
    })
  }
  return new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      const entry = seen.get(target)
      if (!entry) continue
      entry.isOnScreen = isIntersecting
      entry.changed(isVisible(isIntersecting))
    }
  }, { rootMargin: `${MARGIN_PX}px` })
}

/** Says whether somebody can see the element: first when the browser knows, then when it changes, and possibly when it does not. Returns a function that ends it. */
export function watchVisibility (element: Element, changed: Changed): () => void {
  observer ??= start()
  seen.set(element, { isOnScreen: undefined, changed })
  observer.observe(element)
  return () => {
    seen.delete(element)
    observer!.unobserve(element)
  }
}

/** Looks where the element is, if the browser has not said it yet: a busy one says it several pictures later. It still has the last word. */
export function lookAt (element: Element): void {
  const entry = seen.get(element)
  if (!entry || entry.isOnScreen !== undefined) return
  const { top, bottom, left, right } = element.getBoundingClientRect()
  if (right > left && bottom > -MARGIN_PX && right > -MARGIN_PX && top < innerHeight + MARGIN_PX && left < innerWidth + MARGIN_PX) entry.changed(isVisible(true))
}
