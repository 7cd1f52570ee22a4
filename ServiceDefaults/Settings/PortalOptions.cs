using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.ServiceDefaults.Settings;

/// <summary>Section <c>Portal</c>: what every service needs to know about the portal.</summary>
public sealed class PortalOptions
{
    /// <summary>The address by which staff know the portal, and Identity's issuer: <c>http://localhost:8080/</c>.</summary>
    [Required, Url]
    public string Url { get; set; } = "";
}

/// <summary>Section <c>Portal</c>: the client of Identity as which a service calls accounts, and the gateway signs people in.</summary>
public sealed class PortalClientOptions
{
    [Required]
    public string Client { get; set; } = "";

    [Required]
    public string ClientSecret { get; set; } = "";

    /// <summary>The form fields that the token endpoint expects.</summary>
    public KeyValuePair<string, string>[] Credentials => [new("client_id", Client), new("client_secret", ClientSecret)];
}
