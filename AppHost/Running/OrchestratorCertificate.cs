using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EnterprisePortal.AppHost.Running;

/// <summary>
/// The certificate with which Aspire's orchestrator (DCP) answers the AppHost. Without one DCP makes itself an RSA key at every start: up
/// to six seconds in which nothing else can begin. Kept beside the AppHost's dll; nothing but DCP uses it, and no browser is asked to trust
/// it.
/// </summary>
sealed class OrchestratorCertificate(TimeProvider clock) : IDeveloperCertificateService
{
    /// <summary>The extension by which Aspire recognizes a development certificate.</summary>
    const string Development = "1.3.6.1.4.1.311.84.1.1";

    static string Kept => Path.Combine(AppContext.BaseDirectory, "orchestrator.pfx");

    public ImmutableList<X509Certificate2> Certificates { get; } = [Load(clock.GetLocalNow()) ?? Make(clock.GetLocalNow())];
    public bool SupportsContainerTrust => false;
    public bool UseForHttps => false;
    public bool TrustCertificate => false;

    static X509Certificate2? Load(DateTimeOffset now)
    {
        if (!File.Exists(Kept))
            return null;
        var certificate = X509CertificateLoader.LoadPkcs12FromFile(Kept, null, X509KeyStorageFlags.Exportable);
        return certificate.NotAfter > now ? certificate : null;
    }

    static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new(Development, [2], critical: false));
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        Keep(certificate.Export(X509ContentType.Pkcs12));
        return certificate;
    }

    // Written under another name until complete: two AppHosts may start at once, and each continues with its own.
    static void Keep(byte[] certificate)
    {
        var whole = $"{Kept}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(whole, options))
            file.Write(certificate);
        File.Move(whole, Kept, overwrite: true);
    }
}
