namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>The address of this application. Setting <c>Office:Url</c>.</summary>
public sealed class Office(IConfiguration configuration)
{
    readonly string url = configuration["Office:Url"]?.TrimEnd('/') ?? throw new InvalidOperationException("Office:Url is not set.");

    /// <summary>Without a trailing slash; the audience of Account API tokens: <c>http://localhost:8090/bluedolphin-austin</c>.</summary>
    public string BaseUrl(Account account) => $"{url}/{account.Code}";

    /// <summary>
    /// A page of this account, encoded for a header; null if the address is another host, another account, or the entry itself.
    /// </summary>
    public string? Inside(Account account, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var target) || address.Contains('\\', StringComparison.Ordinal)
            || address.Any(char.IsControl))
            return null;
        var home = new Uri(BaseUrl(account));
        var (inside, path) = (home.AbsolutePath + "/", target.AbsolutePath);
        return target.GetLeftPart(UriPartial.Authority) == home.GetLeftPart(UriPartial.Authority) && target.UserInfo.Length == 0
            && (path == home.AbsolutePath || path.StartsWith(inside, StringComparison.Ordinal))
            && !path.StartsWith(inside + "enterprise/", StringComparison.OrdinalIgnoreCase) ? target.AbsoluteUri : null;
    }
}
