using Deque.AxeCore.Commons;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>
/// What must be true of every page: no serious finding of axe, in light and dark, on a phone and a desktop; no sideways scrolling at any
/// width; whoever tabs through it sees what has the focus; no word is broken; and on a phone the title begins near the top.
/// </summary>
public static class PageCheck
{
    // What depends on the width is asked once for each, what depends on the colors in all four.
    static readonly string[] AllRules = [], ColorRules = ["color-contrast"];
    static readonly (ColorScheme Scheme, int Width, string[] Rules)[] Looks =
    [
        (ColorScheme.Light, 1280, AllRules), (ColorScheme.Dark, 1280, ColorRules),
        (ColorScheme.Dark, 360, AllRules), (ColorScheme.Light, 360, ColorRules)
    ];
    static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <returns>The faults, in words.</returns>
    public static async Task<IReadOnlyList<string>> Faults(this IPage page)
    {
        var faults = new List<string>();
        await page.EvaluateAsync(Axe);
        foreach (var (scheme, width, rules) in Looks)
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            faults.AddRange((await RunAxe(page, rules)).Select(fault => $"{page.Url} {scheme} {width}: {fault}"));
            if (scheme != ColorScheme.Light)
                continue;
            faults.AddRange(from stop in await page.EvaluateAsync<string[]>(CoveredStops)
                            select $"{page.Url} {width}: the focus is hidden on {stop}");
            faults.AddRange(from word in await page.EvaluateAsync<string[]>(BrokenWords)
                            select $"{page.Url} {width}: broken in two lines is {word}");
            if (width == 360 && await page.EvaluateAsync<double>(TitleTop) is > 120 and var top)
                faults.Add($"{page.Url} {width}: the title begins {top} px from the top");
        }
        if (await page.EvaluateAsync<int[]>(TooWide) is [var narrowest, .., var widest])
            faults.Add($"{page.Url} slides sideways between {narrowest} and {widest} px");
        return faults;
    }

    // Forward as with Tab, back as with Shift+Tab: a bar at the bottom covers on the way down, one at the top on the way up.
    // A chip's box is invisible, its label stands for it.
    const string CoveredStops = """
        () => {
          const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
            .filter(stop => !stop.disabled && stop.type !== 'hidden' && stop.checkVisibility({ visibilityProperty: true }));
          const covered = new Set();
          for (const stop of [...stops, ...stops.toReversed()]) {
            stop.focus();
            const seen = getComputedStyle(stop).opacity === '0' && stop.labels?.[0] || stop;
            const { left, top, width, height } = seen.getBoundingClientRect();
            const within = (at, end) => Math.min(Math.max(at, 0), end - 1);
            const hit = document.elementFromPoint(
              within(left + width / 2, innerWidth), within(top + Math.min(height, innerHeight) / 2, innerHeight));
            if (document.activeElement === stop && !(hit && (seen.contains(hit) || hit.contains(seen))))
              covered.add(`${stop.outerHTML.slice(0, 120)}, covered by ${hit?.outerHTML.slice(0, 80)}`);
          }
          document.activeElement.blur();
          scrollTo(0, 0);
          return [...covered].slice(0, 3);
        }
        """;

    // Addresses and codes may break where they have a mark; words, dates and numbers may not.
    const string BrokenWords = """
        () => {
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const [range, broken] = [document.createRange(), new Set()];
          for (let text; text = texts.nextNode();) {
            const around = text.parentElement;
            if (!around.checkVisibility() || around.closest('.hidden, pre, noscript') || innerWidth < 640 && around.closest('thead'))
              continue;
            for (const { 0: word, index } of text.data.matchAll(/(?<=^|\s)[^\s@/._=-]{2,30}(?=\s|$)/g)) {
              range.setStart(text, index);
              range.setEnd(text, index + word.length);
              const lines = range.getClientRects();
              if (lines.length > 1 && lines[lines.length - 1].top >= lines[0].bottom - 1)
                broken.add(word);
            }
            if (around.matches('time, .short, .phone') && text.data.trim()) {
              range.selectNodeContents(text);
              if (new Set([...range.getClientRects()].map(line => line.top)).size > 1)
                broken.add(text.data.trim());
            }
          }
          return [...broken].slice(0, 3);
        }
        """;

    // Of the portal's pages with sections; an account has a bar of its own above its title.
    const string TitleTop = """
        () => document.getElementById('sections') ? document.querySelector('main h1').getBoundingClientRect().top + scrollY : 0
        """;

    // In a frame, whose width a script can set: one call instead of forty. Without scripts, which have done their work.
    const string TooWide = """
        async () => {
          const copy = document.documentElement.cloneNode(true);
          copy.querySelectorAll('script, iframe').forEach(script => script.remove());
          const frame = document.createElement('iframe');
          frame.style.height = '900px';
          frame.srcdoc = `<!DOCTYPE html>${copy.outerHTML}`;
          const loaded = new Promise(resolve => frame.onload = resolve);
          document.body.append(frame);
          await loaded;
          const widths = [];
          for (let width = 320; width <= 1920; width += 40) {
            frame.style.width = `${width}px`;
            if (frame.contentDocument.documentElement.scrollWidth > frame.contentWindow.innerWidth)
              widths.push(width);
          }
          frame.remove();
          return widths.length === 1 ? [widths[0], widths[0]] : widths;
        }
        """;

    // Not through Deque.AxeCore.Playwright, which opens a tab of its own for each run and sends all passed checks back over the wire.
    static Task<string[]> RunAxe(IPage page, string[] rules) => page.EvaluateAsync<string[]>("""
        async rules => {
          const { violations } = await axe.run(document, { resultTypes: ['violations'], ...rules.length && { runOnly: rules } });
          return violations.filter(fault => ['serious', 'critical'].includes(fault.impact))
            .map(fault => `${fault.id} (${fault.help}) at ${fault.nodes.slice(0, 3).map(node => node.html).join('; ')}`);
        }
        """, rules);
}
