using Deque.AxeCore.Playwright;

namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>What must be true of every page: nothing serious for axe, in light and dark, on a phone and a desk, and no sideways scrolling.</summary>
public static class PageCheck
{
    static readonly (ColorScheme Scheme, int Width)[] Looks = [(ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Dark, 360), (ColorScheme.Light, 360)];

    /// <returns>What is wrong, in words.</returns>
    public static async Task<IReadOnlyList<string>> Faults(this IPage page)
    {
        var faults = new List<string>();
        foreach (var (scheme, width) in Looks)
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            var found = await page.RunAxe();
            faults.AddRange(found.Violations.Where(fault => fault.Impact is "serious" or "critical")
                .Select(fault => $"{page.Url} {scheme} {width}: {fault.Id} ({fault.Help}) at {string.Join("; ", fault.Nodes.Take(3).Select(node => node.Html))}"));
            if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth") is > 0 and var over)
                faults.Add($"{page.Url} {scheme} {width}: {over} px too wide");
        }
        return faults;
    }
}
