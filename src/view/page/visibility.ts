/** A tile this close to the screen is shown already, so that scrolling finds it live. */
const MARGIN = '150px'

type Changed = (isVisible: boolean) => void

const seen = new Map<Element, { isOnScreen: boolean, readonly changed: Changed }>()
let observer: IntersectionObserver | undefined
let isFrozen = false

const isVisible = (isOnScreen: boolean) => isOnScreen && !document.hidden && !isFrozen
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
  }, { rootMargin: MARGIN })
}

/** Says whether somebody can see the element: first when the browser knows, then when it changes, and possibly when it does not. Returns a function that ends it. */
export function watchVisibility (element: Element, changed: Changed): () => void {
  observer ??= start()
  seen.set(element, { isOnScreen: false, changed })
  observer.observe(element)
  return () => {
    seen.delete(element)
    observer!.unobserve(element)
  }
}
