namespace EnterprisePortal.Gateway.Pages.Parts;

static class Device
{
    // Chrome also calls itself Safari, Edge calls itself both: the first match wins.
    static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];
    static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary><c>Mozilla/5.0 (Windows NT 10.0; …) … Chrome/140.0 Safari/537.36</c> reads as <c>Chrome on Windows</c>.</summary>
    public static string InWords(string userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        var (browser, system) => browser ?? system ?? (userAgent is "" ? "Unknown device" : userAgent)
    };

    static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
}
