namespace EnterprisePortal.Gateway.Security;

/// <summary>Where a person goes on after signing in: only ever an address of the portal itself.</summary>
public static class ReturnUrl
{
    public const string Home = "/";

    /// <summary>
    /// <c>/families?name=a</c> is ours; <c>//evil.example</c>, <c>/\evil.example</c> and <c>/⇥/evil.example</c> are not:
    /// browsers read a backslash as a slash and drop control characters.
    /// </summary>
    public static bool IsLocal(string url) =>
        url.StartsWith('/') && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl);
}
