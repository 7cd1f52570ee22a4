namespace EnterprisePortal.ServiceDefaults.Requests;

/// <summary>
/// The address to return a person to: always one of this application, encoded for a header. Read before anything is done, so that nobody is
/// signed in and then stranded.
/// </summary>
public static class LocalAddress
{
    public const string Home = "/";
    static readonly Uri Here = new("http://here/");

    /// <param name="given"><c>/accounts?q=Zoë</c></param>
    /// <returns><c>/accounts?q=Zo%C3%AB</c>; null if it leads elsewhere.</returns>
    public static string? Read(string? given)
    {
        // Browsers read a backslash as a slash and drop control characters: /\evil.example and /⇥/evil.example are not ours.
        if (given is not ['/', ..] || given.Any(char.IsControl) || given.Split('?', '#')[0].Contains('\\')
            || !Uri.TryCreate(Here, given, out var address)
            || address.GetLeftPart(UriPartial.Authority) != Here.GetLeftPart(UriPartial.Authority))
            return null;
        var written = address.PathAndQuery + address.Fragment;
        // /x/..//evil.example
        return written.StartsWith("//", StringComparison.Ordinal) ? null : written;
    }
}
