using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EnterprisePortal.Tests.Production.Support;

/// <summary>A certificate authority of this run. Machines trust it, as a company's machines trust the company's own.</summary>
sealed class Authority : IDisposable
{
    readonly X509Certificate2 root;

    public Authority(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Rehearsal", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddDays(2));
        Bundle = Path.Combine(folder, "authority.pem");
        File.WriteAllText(Bundle, root.ExportCertificatePem());
    }

    public string Bundle { get; }

    /// <returns>A file with certificate and key, as haproxy reads it.</returns>
    public string Issue(string folder, params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        Array.ForEach(hosts, names.AddDnsName);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(root, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1),
            RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(folder, $"{hosts[0]}.pem");
        File.WriteAllText(file, issued.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }

    public bool Issued(X509Certificate? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return shown is X509Certificate2 certificate && chain.Build(certificate);
    }

    public void Dispose() => root.Dispose();
}
