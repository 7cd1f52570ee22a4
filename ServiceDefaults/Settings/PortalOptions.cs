using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.ServiceDefaults.Settings;

/// <summary>Section <c>Portal</c>: what every service needs to know of the portal.</summary>
public sealed class PortalOptions
{
    /// <summary>The address staff know the portal by, and Identity's issuer: <c>http://localhost:8080/</c>.</summary>
    [Required, Url]
    public string Url { get; set; } = "";
}

/// <summary>Section <c>Portal</c>: as which client of Identity a service calls accounts, and the gateway signs people in.</summary>
public sealed class PortalClientOptions
{
    [Required]
    public string Client { get; set; } = "";

    [Required]
    public string ClientSecret { get; set; } = "";

    /// <summary>As the token endpoint wants them in a form.</summary>
    public KeyValuePair<string, string>[] Credentials => [new("client_id", Client), new("client_secret", ClientSecret)];
}
