using System.ComponentModel.DataAnnotations;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.ServiceDefaults.SignIn;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace EnterprisePortal.Identity.Mail;

/// <summary>Section <c>Mail</c>: an SMTP server; without one, a folder of <c>.eml</c> files, for development.</summary>
public sealed class MailOptions : IValidatableObject
{
    const int Submission = 587;

    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = Submission;

    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary><c>Enterprise Portal &lt;portal@example.com&gt;</c>; absent: <c>no-reply</c> at the portal's host.</summary>
    public string? From { get; set; }

    public string? Folder { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From is { Length: > 0 } && !MailboxAddress.TryParse(From, out _))
            yield return new($"\"{From}\" is not a mail address.", [nameof(From)]);
    }
}

public sealed class MailServer(IOptions<MailOptions> options, IConfiguration configuration)
{
    const int Implicit = 465;
    readonly MailOptions settings = options.Value;

    public bool IsThere => settings is { Host.Length: > 0 } or { Folder.Length: > 0 };

    /// <param name="id">Becomes the Message-ID and the file's name, so that a mail sent again, after a crash between sending and recording
    /// it, is recognized.</param>
    /// <param name="brand">Of the enterprise it is about: its name is the sender's, and its color heads it.</param>
    public async Task Send(Guid id, SendMail sent, Brand? brand, DateTimeOffset now, CancellationToken cancel)
    {
        var host = new Uri(configuration.PortalUrl()).Host;
        using var mail = new MimeMessage
        {
            MessageId = $"{id:N}@{host}",
            Date = now,
            Subject = sent.Subject,
            Body = BrandedMail.Body(sent.Text, brand)
        };
        var from = MailboxAddress.Parse(settings.From is { Length: > 0 } set ? set : $"Enterprise Portal <no-reply@{host}>");
        from.Name = brand?.Name ?? from.Name;
        mail.From.Add(from);
        mail.To.Add(MailboxAddress.Parse(sent.To));
        // Out-of-office replies help nobody.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (settings.Host is { Length: > 0 } server)
            await SendBySmtp(mail, server, cancel);
        else
            await Write(mail, settings.Folder!, id, cancel);
    }

    async Task SendBySmtp(MimeMessage mail, string server, CancellationToken cancel)
    {
        var (port, user) = (settings.Port, settings.User);
        // As for every other call of the portal: a company's own authority has no list of revoked certificates, and a list that cannot be
        // reached would hold up all mail.
        using var smtp = new SmtpClient { Timeout = 20_000, CheckCertificateRevocation = false };
        // A password never travels unencrypted.
        await smtp.ConnectAsync(server, port, port == Implicit ? SecureSocketOptions.SslOnConnect
            : user is { Length: > 0 } ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable, cancel);
        if (user is { Length: > 0 })
            await smtp.AuthenticateAsync(user, settings.Password ?? "", cancel);
        await smtp.SendAsync(mail, cancel);
        await smtp.DisconnectAsync(true, cancel);
    }

    /// <summary>All or nothing: a reader of the folder never finds half a mail.</summary>
    static async Task Write(MimeMessage mail, string folder, Guid id, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{id:N}.eml");
        await mail.WriteToAsync(file + ".part", cancel);
        File.Move(file + ".part", file, overwrite: true);
    }
}
