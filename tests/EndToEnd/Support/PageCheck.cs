using Deque.AxeCore.Commons;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>
/// What must be true of every page: no serious finding of axe, in light and dark, on a phone and a desktop, and no sideways scrolling.
/// </summary>
public static class PageCheck
{
    static readonly (ColorScheme Scheme, int Width)[] Looks =
        [(ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Dark, 360), (ColorScheme.Light, 360)];
    static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <returns>The faults, in words.</returns>
    public static async Task<IReadOnlyList<string>> Faults(this IPage page)
    {
        var faults = new List<string>();
        foreach (var (scheme, width) in Looks)
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            faults.AddRange((await RunAxe(page)).Select(fault => $"{page.Url} {scheme} {width}: {fault}"));
        }
        return faults;
    }

    // Not through Deque.AxeCore.Playwright, which opens a tab of its own for each run and sends all passed checks back over the wire.
    static async Task<string[]> RunAxe(IPage page)
    {
        await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>("""
            async () => {
              const { violations } = await axe.run(document, { resultTypes: ['violations'] });
              const faults = violations.filter(fault => ['serious', 'critical'].includes(fault.impact))
                .map(fault => `${fault.id} (${fault.help}) at ${fault.nodes.slice(0, 3).map(node => node.html).join('; ')}`);
              const over = document.documentElement.scrollWidth - window.innerWidth;
              return over > 0 ? [...faults, `${over} px too wide`] : faults;
            }
            """);
    }
}
